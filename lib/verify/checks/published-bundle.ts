import { Certificate, SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import type { ClusterCheck } from '../check';
import { AccessError } from '../kube';
import { x509Authority } from '../observe/bundle';
import { authorityWords, compareBundles } from '../observe/bundle-comparison';
import { EXEC } from '../rights';
import { type Outcome, ok, wrong } from '../verdict';

export const PUBLISHED_BUNDLE: ClusterCheck = {
  id: 'V15',
  title: 'The published trust bundle is the one of the server',
  about: 'cluster',
  proves:
    'The ConfigMap from which agents start holds exactly the X.509 authorities of the server: an agent that starts now believes ' +
    'its server. Nothing is said where the configuration names no such ConfigMap.',
  causes: [
    'the server lacks the right to write the ConfigMap: its log says so, see V20',
    'the ConfigMap was made anew by hand or by GitOps, and waits for the next change of the bundle',
  ],
  next: 'kubectl --context {context} -n {namespace} logs {pod} -c {container} | grep -i bundle',
  needs: [...EXEC],
  async run({ view, member }) {
    const [{ publishedBundles }, own] = await Promise.all([view.serverConf(), view.ownBundle()]);
    return Promise.all(
      publishedBundles.map(async ({ namespace, configMap, key }): Promise<Outcome> => {
        const place = `ConfigMap ${namespace}/${configMap}, key ${key}`;
        let text: string | undefined;
        try {
          text = (await view.objects.configMap(namespace, configMap)).data?.[key];
        } catch (error) {
          if (!AccessError.is(error, 'not-found')) throw error;
          return wrong('is not there: agents cannot start', place);
        }
        if (!text) return wrong('is empty: agents cannot start', place);
        const published = certificatesOf(text, member.trustDomain);
        if (typeof published === 'string') return wrong(`holds no bundle: ${published}`, place);
        const { missing, surplus, isEqual } = compareBundles({ x509: published, jwt: [] }, { x509: own.x509, jwt: [] });
        if (isEqual) return ok(`holds the ${own.x509.length} X.509 authorities of the server`, place);
        const parts = [
          ...(missing.x509.length > 0 ? [`lacks ${authorityWords(missing)}`] : []),
          ...(surplus.x509.length > 0 ? [`still has ${authorityWords(surplus)}`] : []),
        ];
        return wrong(parts.join(', and '), place);
      }),
    );
  },
};

/** Either form that SPIRE writes: a SPIFFE bundle, or certificates in PEM. What is wrong with it, if it is neither. */
function certificatesOf(text: string, trustDomain: string) {
  try {
    const certificates = text.trimStart().startsWith('{')
      ? SpiffeBundle.parse(TrustDomain.parse(trustDomain), text).x509.authorities
      : Certificate.parsePem(text);
    return certificates.map((certificate) => x509Authority(certificate));
  } catch (error) {
    return (error as Error).message;
  }
}
