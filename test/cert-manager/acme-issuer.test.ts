import { type AcmeIssuerOptions, AcmeSolver, Issuer, issuerSpec } from '../../lib/cert-manager';
import { fakeOutput } from '../core/fixtures';
import { DEMO_LEAF, DEMO_ROOT, PRIVATE_KEY, SPIFFE_ROOT } from '../core/fixtures-certificates';
import { lineOf, NONSENSE, untyped } from './support';

const email = 'ops@example.com';
const lines = (options: object) => Issuer.acme({ email, ...options }).findings.map(lineOf);

test("the smallest one asks Let's Encrypt, by the platform's Ingress class", () => {
  const source = Issuer.acme({ email });
  expect(issuerSpec(source, { ingressClassName: 'nginx' })).toMatchInlineSnapshot(`
{
  "acme": {
    "email": "ops@example.com",
    "privateKeySecretRef": {
      "name": "acme-account-key",
    },
    "server": "https://acme-v02.api.letsencrypt.org/directory",
    "solvers": [
      {
        "http01": {
          "ingress": {
            "ingressClassName": "nginx",
          },
        },
      },
    ],
  },
}
`);
  expect({ ...source, spec: undefined }).toEqual({
    type: 'acme',
    name: 'acme',
    kind: 'Issuer',
    group: 'cert-manager.io',
    trust: { type: 'public' },
    solver: { type: 'http01' },
    findings: [],
  });
});

test('every option', () => {
  const options: Required<AcmeIssuerOptions> = {
    email: fakeOutput(),
    server: 'https://ca.internal:9000/acme/acme/directory',
    solver: AcmeSolver.dns01({ cloudflare: { apiTokenSecretRef: { name: 'dns', key: 'token' } } }),
    kind: 'ClusterIssuer',
    name: 'step-ca',
    accountKeySecret: 'step-ca-key',
    externalAccountBinding: { keyId: 'kid-1', secretName: 'step-ca-binding', key: 'hmac' },
    roots: DEMO_ROOT,
    serverRoots: SPIFFE_ROOT,
    profile: 'web',
    preferredChain: 'Demo Root',
  };
  const source = Issuer.acme({ ...options, email });
  expect(source.findings).toEqual([]);
  expect([source.name, source.kind, source.trust]).toEqual([
    'step-ca',
    'ClusterIssuer',
    { type: 'private', roots: DEMO_ROOT },
  ]);
  const caBundle = Buffer.from(SPIFFE_ROOT).toString('base64');
  expect(JSON.stringify(issuerSpec(source), undefined, 2).replace(caBundle, '…')).toMatchInlineSnapshot(`
"{
  "acme": {
    "server": "https://ca.internal:9000/acme/acme/directory",
    "email": "ops@example.com",
    "privateKeySecretRef": {
      "name": "step-ca-key"
    },
    "externalAccountBinding": {
      "keyID": "kid-1",
      "keySecretRef": {
        "name": "step-ca-binding",
        "key": "hmac"
      }
    },
    "caBundle": "…",
    "profile": "web",
    "preferredChain": "Demo Root",
    "solvers": [
      {
        "dns01": {
          "cloudflare": {
            "apiTokenSecretRef": {
              "name": "dns",
              "key": "token"
            }
          }
        }
      }
    ]
  }
}"
`);
  expect(Issuer.acme(options).findings).toEqual([]);
});

test('the class of the solver goes before that of the platform', () => {
  const source = Issuer.acme({ email, solver: AcmeSolver.http01({ ingressClassName: 'traefik' }) });
  expect(issuerSpec(source, { ingressClassName: 'nginx' })).toMatchObject({
    acme: { solvers: [{ http01: { ingress: { ingressClassName: 'traefik' } } }] },
  });
});

test('a private server is believed by the roots of its CA', () => {
  const source = Issuer.acme({ email, server: 'https://ca.example.com/acme/acme/directory', roots: `  ${DEMO_ROOT}` });
  expect([source.findings, source.trust]).toEqual([[], { type: 'private', roots: DEMO_ROOT }]);
  expect(source.spec).toMatchObject({ acme: { caBundle: Buffer.from(DEMO_ROOT).toString('base64') } });
});

test.each([
  [undefined, 'public'],
  ['https://acme-staging-v02.api.letsencrypt.org/directory', 'staging'],
  ['https://api.test4.buypass.no/acme/directory', 'staging'],
  ['https://dv.acme-v02.test-api.pki.goog/directory', 'staging'],
  ['https://acme.example.com/directory', 'public'],
])('who believes the certificates of %s', (server, type) => {
  expect(Issuer.acme({ email, server }).trust).toEqual({ type });
});

test('what is wrong', () => {
  expect([
    ...lines({ email: undefined }),
    ...lines({ email: 'ops' }),
    ...lines({ email: 'Ops <ops@example.com>' }),
    ...lines({ server: 'acme.example.com' }),
    ...lines({ server: 'http://acme.example.com/directory' }),
    ...lines({ server: fakeOutput() }),
    ...lines({ server: 'https://step-ca.step-ca.svc:9000/acme/acme/directory' }),
    ...lines({ roots: DEMO_ROOT }),
    ...lines({ server: 'https://ca.example.com/', roots: DEMO_LEAF }),
    ...lines({ server: 'https://ca.example.com/', roots: DEMO_ROOT, serverRoots: PRIVATE_KEY }),
    ...lines({ kind: 'Certificate', name: 'My Issuer', accountKeySecret: 'a/b' }),
    ...lines({ server: 'https://acme.zerossl.com/v2/DV90' }),
    ...lines({ externalAccountBinding: { secretName: 'A', hmac: 'S3CRET' } }),
    ...lines({ externalAccountBinding: 'S3CRET' }),
    ...lines({ profile: 6, preferredChain: 'x'.repeat(65) }),
    ...lines({ solver: 'http01' }),
    ...lines({ e_mail: 'x' }),
  ]).toMatchInlineSnapshot(`
[
  "error issuer-email: email is missing; write an address, such as 'ops@example.com'",
  "error issuer-email: email 'ops' is not an email address; write an address, such as 'ops@example.com'",
  "error issuer-email: email 'Ops <ops@example.com>' is not an email address; write an address, such as 'ops@example.com'",
  "error issuer-server: server 'acme.example.com' is not a URL; write the URL of its directory, such as 'https://acme-v02.api.letsencrypt.org/directory'",
  "error issuer-server: server 'http://acme.example.com/directory' is not an https URL, which ACME requires; write the URL of its directory, such as 'https://acme-v02.api.letsencrypt.org/directory'",
  "error issuer-server: server is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
  "warning issuer-trust: server 'https://step-ca.step-ca.svc:9000/acme/acme/directory' has a host of private networks, and no roots are given: nobody would know whom to believe; write roots: the root certificate of the server's CA in PEM",
  "error issuer-trust: roots is for private servers, and 'acme-v02.api.letsencrypt.org' is a public one; write the URL of the private server, or remove it",
  "error issuer-roots: roots holds as certificate 1 of 1 'CN=Demo Leaf', which is not a CA; paste the certificate of the CA that has issued it",
  "error issuer-roots: serverRoots holds a private key; remove it, and replace the key if others could read the program; paste certificates only",
  "error issuer-kind: kind 'Certificate' is not known here; write one of Issuer, ClusterIssuer",
  "error issuer-name: name 'My Issuer' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-secret: accountKeySecret 'a/b' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-account-binding: externalAccountBinding is missing, and 'acme.zerossl.com' serves only customers that it knows; write { keyId: 'id', secretName: 'name of the Secret' }",
  "error property-unknown: externalAccountBinding.hmac is not a property; write one of keyId, secretName, key",
  "error issuer-account-binding: externalAccountBinding.keyId is missing; write the CA's name of the key",
  "error issuer-account-binding: externalAccountBinding.secretName 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-account-binding: externalAccountBinding is not an object; write { keyId: 'id', secretName: 'name' }",
  "error issuer-profile: profile 6 is not text; write it in quotes",
  "error issuer-chain: preferredChain 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' has 65 characters; write the common name of a root: at most 64 characters",
  "error issuer-solver: solver is not a solver; write AcmeSolver.http01() or AcmeSolver.dns01(provider)",
  "error property-unknown: e_mail is not a property; write one of email, server, solver, kind, name, accountKeySecret, externalAccountBinding, roots, serverRoots, profile, preferredChain",
]
`);
});

test.each<keyof AcmeIssuerOptions>([
  'email',
  'server',
  'solver',
  'kind',
  'name',
  'accountKeySecret',
  'externalAccountBinding',
  'roots',
  'serverRoots',
  'profile',
  'preferredChain',
])('untyped values of %s never throw', (property) => {
  for (const value of NONSENSE) expect(() => lines({ [property]: value })).not.toThrow();
  expect(lines({ [property]: Symbol('s') })).not.toEqual([]);
});

test('no options at all', () => {
  expect(Issuer.acme(untyped(undefined)).findings.map(lineOf)).toEqual([
    "error issuer-email: email is missing; write an address, such as 'ops@example.com'",
  ]);
});
