import type { EndpointCheck } from '../check';
import { placeOf } from '../endpoint/sight';
import { RESOURCES } from '../kube';
import { certificatesFor } from '../observe/certificates';
import { routesFor } from '../observe/routes';
import { RIGHTS } from '../rights';
import { ok, wrong } from '../verdict';

/** Who reads the Secret of a Route. @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/networking_operators/ingress-operator */
const ROUTER = {
  user: 'system:serviceaccount:openshift-ingress:router',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:openshift-ingress', 'system:authenticated'],
} as const;

/** What it does with it. */
const VERBS = ['get', 'list', 'watch'] as const;

export const ROUTER_ACCESS: EndpointCheck = {
  id: 'V10',
  title: "OpenShift's router may read the endpoint's certificate",
  about: 'endpoint',
  proves:
    'The authorizer of the cluster itself allows the service account of the router to get, list and watch the Secret of the ' +
    'Route: asked by an access review, whatever the roles are called that allow it.',
  causes: [
    'Role and RoleBinding name an old Secret',
    'the operator is older than 1.1, which does not make them itself',
    'the binding names another service account than router of namespace openshift-ingress',
  ],
  next: 'oc --context {context} -n {namespace} auth can-i get secrets --as system:serviceaccount:openshift-ingress:router --list',
  needs: [RIGHTS.review, RIGHTS.routes, RIGHTS.certificates],
  applies: ({ member, view }) =>
    view !== undefined &&
    member.platform === 'openshift' &&
    member.endpoint?.profile === 'https_web' &&
    member.endpoint.termination === 'reencrypt',
  async run({ view, member }) {
    if (!view) return [];
    const host = placeOf(member.endpoint?.url ?? '')?.host ?? '';
    const { namespace } = await view.installation();
    const routes = (await routesFor(view, host)) ?? [];
    const named = routes.flatMap(({ spec }) => spec?.tls?.externalCertificate?.name ?? []);
    const certified = ((await certificatesFor(view, host)) ?? []).flatMap(({ spec }) => spec?.secretName ?? []);
    const [secret] = [...named, ...certified];
    // The router serves its own certificate, which it has.
    if (secret === undefined) return [];
    const place = `Secret ${namespace}/${secret}`;
    const answers = await Promise.all(
      VERBS.map(async (verb) => ({
        verb,
        answer: await view.objects.review({ ...ROUTER, verb, resource: RESOURCES.secrets, namespace, name: secret }),
      })),
    );
    const refused = answers.filter(({ answer }) => !answer.allowed);
    if (refused.length === 0) return [ok('the router may read it', place, answers[0]?.answer.reason)];
    const evidence = refused.map(({ answer }) => answer.reason).find((reason) => reason !== '') ?? '';
    return [wrong(`the router may not ${refused.map(({ verb }) => verb).join(', ')} it`, place, { evidence })];
  },
};
