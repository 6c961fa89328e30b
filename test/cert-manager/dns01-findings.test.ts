import type { Dns01Provider } from '../../lib/cert-manager';
import { dns01Findings } from '../../lib/cert-manager/dns01-findings';
import { fakeOutput } from '../core/fixtures';
import { lineOf, NONSENSE } from './support';

const key = { name: 'dns', key: 'token' };
const lines = (provider: unknown) => dns01Findings('solver.provider', provider).map(lineOf);

const RIGHT: readonly Dns01Provider[] = [
  { acmeDNS: { host: 'https://auth.example.com', accountSecretRef: key } },
  {
    akamai: {
      serviceConsumerDomain: 'akab.example.net',
      accessTokenSecretRef: key,
      clientSecretSecretRef: key,
      clientTokenSecretRef: key,
    },
  },
  { azureDNS: { subscriptionID: 'a', resourceGroupName: 'b', managedIdentity: { clientID: 'c', tenantID: 'd' } } },
  {
    azureDNS: {
      subscriptionID: 'a',
      resourceGroupName: 'b',
      hostedZoneName: 'example.com',
      environment: 'AzureChinaCloud',
      zoneType: 'AzurePublicZone',
      clientID: 'c',
      clientSecretSecretRef: key,
      tenantID: 'd',
    },
  },
  { cloudDNS: { project: 'demo' }, cnameStrategy: 'Follow' },
  { cloudDNS: { project: fakeOutput(), hostedZoneName: 'zone', serviceAccountSecretRef: key } },
  { cloudflare: { apiTokenSecretRef: { name: fakeOutput(), key: 'token' } } },
  { cloudflare: { apiKeySecretRef: key, email: 'ops@example.com' } },
  { digitalocean: { tokenSecretRef: key } },
  { rfc2136: { nameserver: '192.0.2.53:53' } },
  {
    rfc2136: {
      nameserver: '192.0.2.53',
      protocol: 'TCP',
      tsigKeyName: 'a',
      tsigSecretSecretRef: key,
      tsigAlgorithm: 'HMACSHA512',
    },
  },
  { route53: {} },
  {
    route53: {
      region: 'eu-central-1',
      hostedZoneID: 'Z',
      role: 'arn:aws:iam::1:role/dns',
      accessKeyIDSecretRef: key,
      secretAccessKeySecretRef: key,
      auth: { kubernetes: { serviceAccountRef: { name: 'dns' } } },
    },
  },
  { webhook: { groupName: 'acme.example.com', solverName: 'dns', config: { zone: 'a', retries: 3 } } },
];

test('right settings pass', () => {
  expect(RIGHT.flatMap(lines)).toEqual([]);
});

test('exactly one provider that cert-manager knows', () => {
  expect([
    ...lines({}),
    ...lines({ cnameStrategy: 'Follow' }),
    ...lines({ digitalocean: { tokenSecretRef: key }, route53: {} }),
    ...lines({ route53: {}, cnameStrategy: 'follow' }),
    ...lines({ hetzner: { token: 'secret' } }),
    ...lines({ cloudflare: 'token' }),
    ...lines(fakeOutput()),
  ]).toMatchInlineSnapshot(`
[
  "error issuer-solver: solver.provider names no DNS provider; write exactly one of acmeDNS, akamai, azureDNS, cloudDNS, cloudflare, digitalocean, rfc2136, route53, webhook",
  "error issuer-solver: solver.provider names no DNS provider; write exactly one of acmeDNS, akamai, azureDNS, cloudDNS, cloudflare, digitalocean, rfc2136, route53, webhook",
  "error issuer-solver: solver.provider names 2 DNS providers; write exactly one of acmeDNS, akamai, azureDNS, cloudDNS, cloudflare, digitalocean, rfc2136, route53, webhook",
  "error issuer-solver: solver.provider.cnameStrategy 'follow' is not known here; write one of None, Follow",
  "error issuer-solver: solver.provider.hetzner is not a DNS provider that cert-manager knows; write one of acmeDNS, akamai, azureDNS, cloudDNS, cloudflare, digitalocean, rfc2136, route53, webhook",
  "error issuer-solver: solver.provider.cloudflare is not an object; write its settings in braces",
  "error issuer-solver: solver.provider is not a DNS provider; write one with its settings, such as { cloudflare: { apiTokenSecretRef: { name: 'dns', key: 'token' } } }",
]
`);
});

test('the types say so too', () => {
  // @ts-expect-error two providers
  const two: Dns01Provider = { digitalocean: { tokenSecretRef: key }, route53: {} };
  // @ts-expect-error a token in place of a Secret's key
  const token: Dns01Provider = { cloudflare: { apiToken: 'token' } };
  expect([two, token].map((provider) => lines(provider).length)).toEqual([1, 2]);
});

test('what each provider needs', () => {
  expect([
    ...lines({ acmeDNS: {} }),
    ...lines({ cloudDNS: { project: '' } }),
    ...lines({ webhook: { groupName: 'a' } }),
    ...lines({ rfc2136: { nameserver: 53, protocol: 'tcp', tsigKeyName: 'a', tsigAlgorithm: 'SHA1' } }),
    ...lines({ rfc2136: { nameserver: '192.0.2.53', tsigSecretSecretRef: key } }),
    ...lines({ route53: { accessKeyID: 'a', accessKeyIDSecretRef: { name: 'dns' }, secretAccessKeySecretRef: key } }),
  ]).toMatchInlineSnapshot(`
[
  "error issuer-solver: solver.provider.acmeDNS.host is missing; write it",
  "error issuer-solver: solver.provider.acmeDNS.accountSecretRef is missing; write { name: 'secret', key: 'key' }",
  "error issuer-solver: solver.provider.cloudDNS.project is empty; write it",
  "error issuer-solver: solver.provider.webhook.solverName is missing; write it",
  "error issuer-solver: solver.provider.rfc2136.nameserver 53 is not text; write it in quotes",
  "error issuer-solver: solver.provider.rfc2136.protocol 'tcp' is not known here; write one of TCP, UDP",
  "error issuer-solver: solver.provider.rfc2136.tsigAlgorithm 'SHA1' is not known here; write one of HMACMD5, HMACSHA1, HMACSHA256, HMACSHA512",
  "error issuer-solver: solver.provider.rfc2136 has tsigKeyName without tsigSecretSecretRef; write all of tsigKeyName, tsigSecretSecretRef, or none of them",
  "error issuer-solver: solver.provider.rfc2136 has tsigSecretSecretRef without tsigKeyName; write all of tsigKeyName, tsigSecretSecretRef, or none of them",
  "error issuer-solver: solver.provider.route53.accessKeyIDSecretRef.key is missing; write { name: 'secret', key: 'key' }",
  "error issuer-solver: solver.provider.route53 has both accessKeyID and accessKeyIDSecretRef; remove one of the two",
]
`);
});

test('which settings belong together', () => {
  const azure = { subscriptionID: 'a', resourceGroupName: 'b' };
  expect([
    ...lines({ cloudflare: {} }),
    ...lines({ cloudflare: { apiKeySecretRef: key } }),
    ...lines({ cloudflare: { apiKeySecretRef: key, apiTokenSecretRef: key, email: 'ops@example.com' } }),
    ...lines({ azureDNS: { ...azure, clientID: 'c' } }),
    ...lines({ azureDNS: { ...azure, clientID: 'c', clientSecretSecretRef: key, tenantID: 'd', managedIdentity: {} } }),
    ...lines({ azureDNS: { ...azure, managedIdentity: { clientID: 'c', resourceID: 'e' } } }),
    ...lines({ azureDNS: { ...azure, managedIdentity: { tenantID: 'd' } } }),
  ]).toMatchInlineSnapshot(`
[
  "error issuer-solver: solver.provider.cloudflare names no Secret with a token; write apiTokenSecretRef: { name: 'secret', key: 'key' }",
  "error issuer-solver: solver.provider.cloudflare has apiKeySecretRef without email; write the email of the account, or use apiTokenSecretRef",
  "error issuer-solver: solver.provider.cloudflare has both apiTokenSecretRef and apiKeySecretRef; remove one of the two",
  "error issuer-solver: solver.provider.azureDNS has clientID without clientSecretSecretRef, tenantID; write all of clientID, clientSecretSecretRef, tenantID, or none of them",
  "error issuer-solver: solver.provider.azureDNS.managedIdentity is given beside clientID, clientSecretSecretRef, tenantID; remove one of the two identities",
  "error issuer-solver: solver.provider.azureDNS.managedIdentity has both clientID and resourceID; remove one of the two",
  "error issuer-solver: solver.provider.azureDNS.managedIdentity has tenantID without clientID; write clientID, or remove tenantID",
]
`);
});

test('what may be a secret is never shown', () => {
  const all = [
    ...lines({ cloudflare: { apiToken: 'S3CRET' } }),
    ...lines({ cloudflare: { apiTokenSecretRef: 'S3CRET' } }),
    ...lines({ digitalocean: { tokenSecretRef: { name: 'dns', value: 'S3CRET' } } }),
    ...lines({ S3CRET: 1 }).slice(1),
  ];
  expect(all.filter((line) => line.includes('S3CRET'))).toEqual([]);
  expect(all).toMatchInlineSnapshot(`
[
  "error issuer-solver: solver.provider.cloudflare.apiToken is not a field that cert-manager knows; write one of apiTokenSecretRef, apiKeySecretRef, email",
  "error issuer-solver: solver.provider.cloudflare names no Secret with a token; write apiTokenSecretRef: { name: 'secret', key: 'key' }",
  "error issuer-solver: solver.provider.cloudflare.apiTokenSecretRef is not the key of a Secret; write { name: 'secret', key: 'key' }",
  "error issuer-solver: solver.provider.digitalocean.tokenSecretRef.key is missing; write { name: 'secret', key: 'key' }",
]
`);
});

test.each(NONSENSE)('nonsense is found: %p', (value) => {
  expect(lines(value).length).toBeGreaterThan(0);
  for (const provider of ['acmeDNS', 'azureDNS', 'cloudflare', 'rfc2136', 'webhook']) {
    expect(lines({ [provider]: value }).length).toBeGreaterThan(0);
  }
});
