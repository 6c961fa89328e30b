import type { EndpointCheck } from '../check';
import { placeOf } from '../endpoint/sight';
import { coversHost, hostsOf } from '../endpoint/tls-look';
import { AccessError } from '../kube';
import { NotSeen } from '../not-seen';
import { type CertificateObject, certificateInSecret, certificatesFor } from '../observe/certificates';
import type { SpireView } from '../observe/spire-view';
import { RIGHTS } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

/** How much of the time between renewal and end may pass before a renewal counts as overdue, as a part. */
const OVERDUE = 0.1;

export const ENDPOINT_CERTIFICATE: EndpointCheck = {
  id: 'V09',
  title: "The endpoint's certificate is issued, for the right host, and renewed in time",
  about: 'endpoint',
  proves:
    'The Certificate of cert-manager is ready, its Secret holds a certificate for the host of the endpoint that is valid, and ' +
    'the next renewal lies ahead.',
  causes: [
    'the issuer refuses or cannot prove the host: the events of the Certificate and its Challenge say why',
    'the host has no DNS record yet, which HTTP-01 needs',
    'the issuer was removed or renamed',
  ],
  next: 'kubectl --context {context} -n {namespace} describe certificate,certificaterequest,order,challenge',
  needs: [RIGHTS.certificates, RIGHTS.secrets],
  applies: ({ member, view }) => view !== undefined && member.endpoint?.profile === 'https_web',
  async run({ view, member, world }) {
    const { url, certificate } = member.endpoint ?? { url: '' };
    const host = placeOf(url)?.host ?? '';
    if (!view) return [];
    const found = await certificatesFor(view, host);
    if (found !== undefined && found.length > 0) {
      const outcomes = await Promise.all(found.map((each) => certificateOutcomes(view, each, host, world.now())));
      return outcomes.flat();
    }
    // Somebody else may have made it; then the endpoint itself shows what it has.
    if (certificate?.source !== 'cert-manager') return [];
    const { namespace } = await view.installation();
    const why =
      found === undefined ? 'the cluster knows no Certificates of cert-manager' : `no Certificate is for '${host}'`;
    return [wrong(why, `namespace ${namespace}`)];
  },
};

async function certificateOutcomes(
  view: SpireView,
  object: CertificateObject,
  host: string,
  now: Date,
): Promise<Outcome[]> {
  const { metadata, spec = {}, status = {} } = object;
  const place = `Certificate ${metadata.namespace}/${metadata.name}`;
  const found: Outcome[] = [];
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') {
    const why = ready?.reason ?? 'cert-manager has not looked at it yet';
    found.push(wrong(`is not ready: ${why}`, place, { evidence: ready?.message ?? '' }));
  }
  found.push(...renewalOutcomes(object, place, now));
  if (spec.secretName !== undefined) found.push(...(await secretOutcomes(view, object, host, now)));
  return found.some(({ state }) => state !== 'ok') ? found.filter(({ state }) => state !== 'ok') : found;
}

/** Whether a renewal lies ahead, or is only just due. */
export function renewalOutcomes({ status = {} }: CertificateObject, place: string, now: Date): Outcome[] {
  const [renewal, end] = [Date.parse(status.renewalTime ?? ''), Date.parse(status.notAfter ?? '')];
  if (Number.isNaN(end)) return [];
  if (now.getTime() >= end)
    return [wrong('has ended, and was not renewed', place, { evidence: `notAfter ${status.notAfter}` })];
  if (Number.isNaN(renewal)) return [];
  const overdue = now.getTime() - renewal;
  const evidence = `renewal due ${status.renewalTime}, end ${status.notAfter}`;
  if (overdue > OVERDUE * (end - renewal)) return [doubtful('its renewal is overdue', place, { evidence })];
  return [ok('its renewal lies ahead', place, evidence)];
}

async function secretOutcomes(
  view: SpireView,
  { metadata, spec = {} }: CertificateObject,
  host: string,
  now: Date,
): Promise<Outcome[]> {
  const [namespace, name] = [metadata.namespace ?? '', spec.secretName ?? ''];
  const place = `Secret ${namespace}/${name}`;
  let certificate: Awaited<ReturnType<typeof certificateInSecret>>;
  try {
    certificate = await certificateInSecret(view, namespace, name);
  } catch (error) {
    if (AccessError.is(error, 'not-found')) return [wrong('is not there', place)];
    if (AccessError.is(error) || error instanceof NotSeen) return [unseen(error.message, place)];
    throw error;
  }
  if (certificate === undefined) return [wrong('holds no certificate (tls.crt)', place)];
  const names = hostsOf(certificate.x509);
  const found: Outcome[] = [];
  if (!coversHost(names, host)) {
    found.push(
      wrong(`its certificate is not for '${host}'`, place, { evidence: `names: ${names.join(', ') || 'none'}` }),
    );
  }
  const [from, to] = [new Date(certificate.notBefore), new Date(certificate.notAfter)];
  const evidence = `valid from ${from.toISOString()} to ${to.toISOString()}`;
  if (now > to) found.push(wrong('its certificate has ended', place, { evidence }));
  else if (now < from) found.push(wrong('its certificate is not valid yet', place, { evidence }));
  return found.length > 0 ? found : [ok(`its certificate is for '${host}'`, place, evidence)];
}
