import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, readCertificate, readEndpoint } from '../../lib/cluster';
import { Duration, describe as describeFinding } from '../../lib/core';
import { fakeOutput } from '../core/fixtures';
import { DEMO_LEAF, DEMO_ROOT } from '../core/fixtures-certificates';
import { untyped } from '../spire/installation';

const HOST = 'federation.example.com';
const PUBLIC = { type: 'public' };
const STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory';
/** Of cert-manager where nothing is said. */
const LIFETIME = { duration: Duration.hours(2160), renewBefore: Duration.hours(360) };
const acme = { email: 'pki@example.com', tosAccepted: true } as const;

const read = (source: object) => readCertificate(BundleEndpoint.httpsWeb(untyped(source)).certificate, HOST);

describe('what others know of the certificate', () => {
  test.each([
    ['an issuer', { issuer: Issuer.acme({ email: 'pki@example.com' }) }, 'cert-manager', PUBLIC],
    [
      'an issuer for tests',
      { issuer: Issuer.acme({ email: 'pki@example.com', server: STAGING }) },
      'cert-manager',
      { type: 'staging' },
    ],
    [
      'a private issuer',
      { issuer: Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT }) },
      'cert-manager',
      WebTrust.private(DEMO_ROOT),
    ],
    ['the server itself', { acme }, 'acme', PUBLIC],
    ['the server itself, for tests', { acme: { ...acme, directoryUrl: STAGING } }, 'acme', { type: 'staging' }],
    [
      'the server itself, of a private authority',
      { acme: { ...acme, directoryUrl: 'https://ca.example.com/acme', trust: WebTrust.private(DEMO_ROOT) } },
      'acme',
      WebTrust.private(DEMO_ROOT),
    ],
  ])('%s: its host and who believes it', (_, source, kind, trust) => {
    const lifetime = kind === 'cert-manager' ? { lifetime: LIFETIME } : {};
    expect(read(source)).toEqual({ certificate: { source: kind, dnsNames: [HOST], trust, ...lifetime }, findings: [] });
  });

  test('its lifetime, where cert-manager is told', () => {
    const issuer = Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT });
    const { certificate } = read({ issuer, duration: '24h', renewBefore: '8h' });
    expect(certificate?.lifetime).toEqual({ duration: Duration.hours(24), renewBefore: Duration.hours(8) });
  });

  test.each([
    ['secret', { secretName: 'tls', trust: WebTrust.public() }],
    ['secret', { secretName: fakeOutput(), trust: WebTrust.public() }],
    ['router', { router: { trust: WebTrust.public() } }],
  ])('%#: that of a %s has names that are not known', (kind, source) => {
    expect(read(source)).toEqual({ certificate: { source: kind, trust: PUBLIC }, findings: [] });
  });

  test('a late address and directory of the account are for SPIRE to judge', () => {
    const late = { acme: { ...acme, email: fakeOutput(), directoryUrl: fakeOutput() } };
    expect(read(late)).toEqual({
      certificate: { source: 'acme', dnsNames: [HOST], trust: PUBLIC },
      findings: [],
    });
  });
});

test('mistakes are said in the words of the user, and peers are told of no certificate then', () => {
  const trust = WebTrust.public();
  const issuer = Issuer.acme({ email: 'pki@example.com' });
  const mistakes: object[] = [
    {},
    { issuer, acme },
    { issuer: { name: 'acme', trust } },
    { issuer: fakeOutput() },
    { acme: 'pki@example.com' },
    { acme: fakeOutput() },
    { acme: { ...acme, email: 'pki' } },
    { acme: { ...acme, tosAccepted: 'true' } },
    { acme: { email: 'pki@example.com' } },
    { acme: { ...acme, directoryUrl: 'http://ca.example.com/acme' } },
    { acme: { ...acme, url: 'https://ca.example.com/acme' } },
    { acme: { ...acme, trust: 'public' } },
    { secretName: 'tls' },
    { secretName: 'tls', trust: 'public' },
    { secretName: 'tls', trust: { type: 'publc' } },
    { secretName: 'tls', trust: WebTrust.private('junk') },
    { secretName: 'tls', trust: WebTrust.private(DEMO_LEAF) },
    { secretName: 'Bad Name', trust },
    { secretName: 7, trust },
    { router: {} },
    { router: true },
  ];
  const text = mistakes.map((source) => {
    const { certificate, findings } = read(source);
    expect([certificate, findings.length]).toEqual([undefined, 1]);
    return findings.map((finding) => `${describeFinding(finding)} (${finding.rule})`);
  });
  expect(text.join('\n')).toMatchInlineSnapshot(`
"bundleEndpoint has no certificate; write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
bundleEndpoint has issuer and acme; write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
bundleEndpoint.issuer is not an issuer; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … }) (bundle-endpoint-certificate)
bundleEndpoint.issuer is not an issuer; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … }) (bundle-endpoint-certificate)
bundleEndpoint.acme is not an object; write { email: 'pki@example.com', tosAccepted: true } (bundle-endpoint-certificate)
bundleEndpoint.acme is not an object; write { email: 'pki@example.com', tosAccepted: true } (bundle-endpoint-certificate)
bundleEndpoint.acme.email 'pki' is not an address; write the account's address, such as 'pki@example.com' (acme-email)
bundleEndpoint.acme.tosAccepted 'true' is not true, so the authority would give no certificate; accept the authority's terms of service with true (acme-terms)
bundleEndpoint.acme.tosAccepted is not true, so the authority would give no certificate; accept the authority's terms of service with true (acme-terms)
bundleEndpoint.acme.directoryUrl 'http://ca.example.com/acme' is not the URL of an authority's directory; write an https URL such as 'https://acme-v02.api.letsencrypt.org/directory', or leave it out (acme-directory)
bundleEndpoint.acme.url is not a property; write one of email, directoryUrl, tosAccepted, trust (property-unknown)
bundleEndpoint.acme.trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots) (web-trust)
bundleEndpoint does not say who believes the certificate ('trust'); write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
bundleEndpoint does not say who believes the certificate ('trust'); write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
bundleEndpoint.trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots) (web-trust)
bundleEndpoint.trust.roots holds no certificate in PEM; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----' (web-trust)
bundleEndpoint.trust.roots holds as certificate 1 of 1 'CN=Demo Leaf', which is not a CA; paste the certificate of the CA that has issued it (web-trust)
bundleEndpoint.secretName 'Bad Name' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (bundle-endpoint-certificate)
bundleEndpoint.secretName 7 is not text; write it in quotes (bundle-endpoint-certificate)
bundleEndpoint does not say who believes the certificate ('trust'); write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
bundleEndpoint does not say who believes the certificate ('trust'); write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)"
`);
});

test('an issuer whose roots cannot be read: its own object says so, and peers are told of no certificate', () => {
  expect(read({ issuer: Issuer.ca({ secretName: 'ca', roots: 'junk' }) })).toEqual({ findings: [] });
});

test.each([undefined, null, 'tls', [], 7])('%j is no certificate', (certificate) => {
  expect(readCertificate(untyped(certificate), HOST).findings.map(describeFinding)).toEqual([
    'bundleEndpoint has no certificate; ' +
      'write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router',
  ]);
});

test('what has no effect is said, and the certificate is one', () => {
  const { certificate, findings } = read({ acme, duration: '720h', trust: WebTrust.public() });
  expect(certificate?.source).toBe('acme');
  expect(findings.map(describeFinding)).toEqual([
    'bundleEndpoint.duration has no effect beside acme; leave it out',
    'bundleEndpoint.trust has no effect beside acme; leave it out',
  ]);
});

test("an account's address may have one character before the '@'", () => {
  expect(read({ acme: { ...acme, email: 'p@example.com' } }).findings).toEqual([]);
  expect(read({ acme: { ...acme, email: '@example.com' } }).findings).toHaveLength(1);
});

describe('names that no public authority certifies', () => {
  const inside = (source: object, host = 'federation.prod.internal'): string[] =>
    readCertificate(BundleEndpoint.httpsWeb(untyped(source)).certificate, host).findings.map(
      (finding) => `${describeFinding(finding)} (${finding.rule})`,
    );
  const FOUND =
    "bundleEndpoint.host 'federation.prod.internal' is a name of private networks, which no public CA certifies; " +
    'write a name of the public DNS, or have it certified by a private authority, such as Issuer.ca(…) (bundle-endpoint-host)';

  test.each([
    ['an issuer', { issuer: Issuer.acme({ email: 'pki@example.com' }) }],
    ['an issuer for tests', { issuer: Issuer.acme({ email: 'pki@example.com', server: STAGING }) }],
    ['the server itself', { acme }],
    ['the server itself, for tests', { acme: { ...acme, directoryUrl: STAGING } }],
  ])('%s', (_, source) => {
    expect(inside(source)).toEqual([FOUND]);
  });

  test('what else is wrong with the issuer is said here, as no object of it is made', () => {
    expect(inside({ issuer: Issuer.acme({ email: 'pki' }) })).toEqual([
      FOUND,
      "bundleEndpoint.issuer.email 'pki' is not an email address; write an address, such as 'ops@example.com' (issuer-email)",
    ]);
  });

  test.each([
    ['a CA of our own', { issuer: Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT }) }],
    [
      'a private ACME server',
      { issuer: Issuer.acme({ email: 'pki@example.com', server: 'https://ca.internal/acme', roots: DEMO_ROOT }) },
    ],
    ['an issuer that exists', { issuer: Issuer.existing({ name: 'ours', trust: WebTrust.public() }) }],
    ['the server itself, of a private authority', { acme: { ...acme, trust: WebTrust.private(DEMO_ROOT) } }],
    ['the server itself, of a directory known late', { acme: { ...acme, directoryUrl: fakeOutput() } }],
    ['a Secret', { secretName: 'tls', trust: WebTrust.public() }],
  ])('%s certifies them', (_, source) => {
    expect(inside(source)).toEqual([]);
  });
});

describe("the directory of the server's own certificate", () => {
  const said = (more: object): string[] =>
    readEndpoint(BundleEndpoint.httpsWeb(untyped({ acme: { ...acme, ...more } })), HOST).findings.map(
      ({ severity, ...finding }) => `${severity} ${describeFinding(finding)} (${finding.rule})`,
    );

  test('on a host of private networks, without roots: a warning, as for issuers', () => {
    expect(said({ directoryUrl: 'https://step-ca.pki.svc/acme/acme/directory' })).toEqual([
      "warning bundleEndpoint.acme.directoryUrl 'https://step-ca.pki.svc/acme/acme/directory' has a host of private " +
        'networks, and no roots are given: nobody would know whom to believe; write trust: WebTrust.private(…), with the ' +
        "root certificate of the server's CA in PEM (issuer-trust)",
    ]);
  });

  test.each([
    [{ directoryUrl: 'https://step-ca.pki.svc/acme', trust: WebTrust.private(DEMO_ROOT) }],
    [{ directoryUrl: 'https://ca.example.com/acme' }],
    [{ directoryUrl: STAGING }],
    [{ directoryUrl: fakeOutput() }],
    [{ directoryUrl: 7 }],
    [{}],
  ])('%#: no warning', (more) => {
    expect(said(more)).toEqual([]);
  });
});
