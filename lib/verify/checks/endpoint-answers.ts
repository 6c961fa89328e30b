import type { Endpoint } from '../../federation';
import type { EndpointCheck } from '../check';
import { blindnessOf, type Look, placeOf } from '../endpoint/sight';
import { coversHost } from '../endpoint/tls-look';
import { EXEC, PORT_FORWARD } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

export const ENDPOINT_ANSWERS: EndpointCheck = {
  id: 'V12',
  title: 'The endpoint answers, and proves to be the right one',
  about: 'endpoint',
  proves:
    'From this machine the URL leads to a server that proves itself by the declared profile and answers with a bundle. Where this ' +
    'machine has no way there, the server is looked at in its pod, through the API server; whether peers have a way, V25 says.',
  causes: [
    'TLS is ended on the way, by a router or proxy that shows its own certificate',
    'DNS leads elsewhere',
    'the certificate was renewed, and what serves it has not read it again',
  ],
  next: 'curl -v {url}',
  needs: [...PORT_FORWARD, ...EXEC],
  async run({ world, member }) {
    const { endpoint } = member;
    if (!endpoint) return [];
    const sight = await world.endpointOf(member);
    const { here, inside, url } = sight;
    if (here.bundle !== undefined) return [...certificateOutcomes(here, endpoint, world.now(), url)];
    if (here.problem?.kind === 'unreachable') {
      if (inside?.bundle) {
        const from = `not reachable from this machine (${here.problem.message}), which peers need not share`;
        return certificateOutcomes(inside, endpoint, world.now(), `${url}, in the pod of the server`, from);
      }
      const what = blindnessOf(sight);
      const isSeen = inside !== undefined && inside.problem?.kind !== 'unverifiable';
      return [isSeen ? wrong(what, url) : unseen(what, url)];
    }
    const message = here.problem?.message ?? 'it gave no bundle';
    if (here.problem?.kind === 'unverifiable') return [unseen(message, url)];
    const evidence = here.certificate ? certificateText(here.certificate) : '';
    // Who has made the endpoint knows its authorities; without a declaration only its consumers do.
    if (here.problem?.kind === 'untrusted' && !world.declared) {
      return [
        doubtful(`public authorities do not vouch for it: ${message}`, url, {
          evidence,
          causes: ['it is certified by a private authority, which consumers have to be given'],
        }),
      ];
    }
    return [wrong(message, url, { evidence })];
  },
};

function certificateOutcomes(look: Look, endpoint: Endpoint, now: Date, place: string, from = ''): Outcome[] {
  const { certificate } = look;
  if (!certificate) return [ok('serves a bundle', place, from)];
  const evidence = [certificateText(certificate), from].filter((part) => part !== '').join('; ');
  const found: Outcome[] = [];
  if (now > certificate.notAfter) found.push(wrong('its certificate has ended', place, { evidence }));
  const host = placeOf(endpoint.url)?.host ?? '';
  // In the pod behind a router that makes a connection of its own, the certificate is one between the two.
  const isPublic = endpoint.termination === 'passthrough' || from === '';
  if (endpoint.profile === 'https_web' && isPublic && !coversHost(certificate.hosts, host)) {
    found.push(wrong(`its certificate is not for '${host}'`, place, { evidence }));
  }
  if (endpoint.profile === 'https_spiffe' && endpoint.spiffeId && !certificate.uris.includes(endpoint.spiffeId)) {
    found.push(wrong(`its certificate is not that of '${endpoint.spiffeId}'`, place, { evidence }));
  }
  return found.length > 0 ? found : [ok('proves to be the right one, and serves a bundle', place, evidence)];
}

const certificateText = ({ subject, issuer, hosts, uris, notAfter }: NonNullable<Look['certificate']>): string =>
  `certificate for ${[...uris, ...hosts].join(', ') || subject}, issued by ${issuer}, until ${notAfter.toISOString()}`;
