import type { ZtwimFederation } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { newServer, said, specOf } from './installation';

const saidOf = (federation: unknown) => said(newServer({ federation }));
const acme = { email: 'pki@example.com', tosAccepted: true } as const;

/** What the resource holds, and how others see it. */
function written(federation: ZtwimFederation): object {
  const server = newServer({ federation }, { trustDomain: 'apps.example.com', version: '1.1' });
  expect(said(server)).toEqual([]);
  const { refreshHint, ...endpoint } = server.endpoint ?? {};
  return { federation: specOf(server).federation, endpoint: { ...endpoint, refreshHint: String(refreshHint) } };
}

test('https_spiffe', () => {
  expect(written({ profile: 'https_spiffe' })).toMatchInlineSnapshot(`
{
  "endpoint": {
    "host": "federation.apps.example.com",
    "managedRoute": true,
    "profile": "https_spiffe",
    "refreshHint": "5m",
    "spiffeId": "spiffe://apps.example.com/spire/server",
    "termination": "passthrough",
  },
  "federation": {
    "bundleEndpoint": {
      "profile": "https_spiffe",
      "refreshHint": 300,
    },
    "managedRoute": "true",
  },
}
`);
});

test('https_web by ACME, for the host of the Route', () => {
  expect(written({ profile: 'https_web', acme, refreshHint: '10m' })).toMatchInlineSnapshot(`
{
  "endpoint": {
    "certificate": "acme",
    "host": "federation.apps.example.com",
    "managedRoute": true,
    "profile": "https_web",
    "refreshHint": "10m",
    "termination": "passthrough",
  },
  "federation": {
    "bundleEndpoint": {
      "httpsWeb": {
        "acme": {
          "directoryUrl": "https://acme-v02.api.letsencrypt.org/directory",
          "domainName": "federation.apps.example.com",
          "email": "pki@example.com",
          "tosAccepted": "true",
        },
      },
      "profile": "https_web",
      "refreshHint": 600,
    },
    "managedRoute": "true",
  },
}
`);
});

test('https_web with the certificate of a Secret', () => {
  const servingCert = { externalSecretRef: 'tls', fileSyncInterval: '1h' };
  expect(written({ profile: 'https_web', servingCert })).toMatchInlineSnapshot(`
{
  "endpoint": {
    "certificate": "secret",
    "host": "federation.apps.example.com",
    "managedRoute": true,
    "profile": "https_web",
    "refreshHint": "5m",
    "secretName": "tls",
    "termination": "reencrypt",
  },
  "federation": {
    "bundleEndpoint": {
      "httpsWeb": {
        "servingCert": {
          "externalSecretRef": "tls",
          "fileSyncInterval": 3600,
        },
      },
      "profile": "https_web",
      "refreshHint": 300,
    },
    "managedRoute": "true",
  },
}
`);
});

test("https_web with the router's own certificate", () => {
  expect(written({ profile: 'https_web', servingCert: {} })).toMatchObject({
    federation: { bundleEndpoint: { httpsWeb: { servingCert: { fileSyncInterval: 86400 } } } },
    endpoint: { certificate: 'router', termination: 'reencrypt' },
  });
});

test('a Route of your own', () => {
  const own = { managedRoute: false, host: 'bundle.apps.example.com' } as const;
  expect(written({ profile: 'https_web', acme, ...own })).toMatchObject({
    federation: {
      managedRoute: 'false',
      bundleEndpoint: { httpsWeb: { acme: { domainName: 'bundle.apps.example.com' } } },
    },
    endpoint: { host: 'bundle.apps.example.com', managedRoute: false },
  });
  expect(written({ profile: 'https_spiffe', managedRoute: false })).toMatchObject({
    endpoint: { host: 'federation.apps.example.com' },
  });
});

test('what does not compile', () => {
  // @ts-expect-error https_web needs a certificate
  const bare: ZtwimFederation = { profile: 'https_web' };
  // @ts-expect-error one of the two
  const both: ZtwimFederation = { profile: 'https_web', acme, servingCert: {} };
  // @ts-expect-error https_spiffe has no other certificate
  const spiffe: ZtwimFederation = { profile: 'https_spiffe', servingCert: {} };
  // @ts-expect-error the terms must be accepted
  const terms: ZtwimFederation = { profile: 'https_web', acme: { ...acme, tosAccepted: false } };
  // @ts-expect-error the operator makes the host itself
  const host: ZtwimFederation = { profile: 'https_spiffe', host: 'a.example.com' };
  expect([bare, both, spiffe, terms, host].flatMap(saidOf)).toMatchInlineSnapshot(`
[
  "federation has neither acme nor servingCert; write exactly one of the two with https_web (ztwim-federation)",
  "federation has both acme and servingCert; write exactly one of the two with https_web (ztwim-federation)",
  "federation.servingCert has no effect with https_spiffe; leave it out, or write https_web (ztwim-federation)",
  "federation.acme.tosAccepted is not true, so the operator would set up nothing; accept the authority's terms of service with true (ztwim-federation)",
  "federation.host 'a.example.com' is not the host of the operator's Route, which is 'federation.example.com'; leave it out, or write managedRoute: false (ztwim-federation)",
]
`);
});

test.each([
  ['60s', []],
  ['1h', []],
  ['59s', 1],
  ['1h1s', 1],
  ['90500ms', 1],
  [300, 1],
])('a refresh hint of %s', (refreshHint, found) => {
  expect(saidOf({ profile: 'https_spiffe', refreshHint })).toHaveLength(found === 1 ? 1 : 0);
});

test('what is wrong', () => {
  const web = (servingCert: unknown) => ({ profile: 'https_web', servingCert });
  expect([
    ...saidOf({}),
    ...saidOf({ profile: 'https' }),
    ...saidOf({ profile: fakeOutput() }),
    ...saidOf('https_web'),
    ...saidOf({ profile: 'https_spiffe', refreshHint: '30s', managedRoute: 'false' }),
    ...saidOf({ profile: 'https_spiffe', federatesWith: [] }),
    ...saidOf({ profile: 'https_spiffe', managedRoute: false, host: 'Federation' }),
    ...saidOf(web({ externalSecretRef: 'TLS' })),
    ...saidOf(web({ externalSecretRef: fakeOutput() })),
    ...saidOf(web({ fileSyncInterval: '59m' })),
    ...saidOf(web({ fileSyncInterval: '2161h' })),
    ...saidOf(web('tls')),
    ...saidOf({ profile: 'https_web', acme: { ...acme, email: 'a@example.com' } }),
    ...saidOf({ profile: 'https_web', acme: { ...acme, directoryUrl: 'http://acme.example.com' } }),
    ...saidOf({ profile: 'https_web', acme: { tosAccepted: 'true' } }),
  ]).toMatchInlineSnapshot(`
[
  "federation.profile null is not a profile of a bundle endpoint; write https_web or https_spiffe (ztwim-federation)",
  "federation.profile 'https' is not a profile of a bundle endpoint; write https_web or https_spiffe (ztwim-federation)",
  "federation.profile is not a profile of a bundle endpoint; write https_web or https_spiffe (ztwim-federation)",
  "federation 'https_web' is not an object; write its properties in braces (property-kind)",
  "federation.managedRoute 'false' is not a boolean; write true or false, without quotes (ztwim-federation)",
  "federation.refreshHint '30s' is not a whole number of seconds from 1m to 1h; write a time such as '1h' (ztwim-federation)",
  "federation.federatesWith is not a property; write one of profile, acme, servingCert, refreshHint, managedRoute, host (property-unknown)",
  "federation.host 'Federation' is not a host that a Route can have; write at most 253 characters of a-z, 0-9, '-' and '.', at most 63 between two dots (ztwim-federation)",
  "federation.servingCert.externalSecretRef 'TLS' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (ztwim-federation)",
  "federation.servingCert.externalSecretRef is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (ztwim-federation)",
  "federation.servingCert.fileSyncInterval '59m' is not a whole number of seconds from 1h to 2160h; write a time such as '2160h' (ztwim-federation)",
  "federation.servingCert.fileSyncInterval '2161h' is not a whole number of seconds from 1h to 2160h; write a time such as '2160h' (ztwim-federation)",
  "federation.servingCert 'tls' is not an object; write its properties in braces (property-kind)",
  "federation.acme.email 'a@example.com' is not an address that ZTWIM accepts; write one with at least two characters before the '@', such as 'pki@example.com' (ztwim-federation)",
  "federation.acme.directoryUrl 'http://acme.example.com' is not an https URL; write the authority's directory, or leave it out (ztwim-federation)",
  "federation.acme.tosAccepted is not true, so the operator would set up nothing; accept the authority's terms of service with true (ztwim-federation)",
  "federation.acme.email is missing; write it (ztwim-federation)",
]
`);
});

test('a trust domain of which no host can be made', () => {
  const trustDomain = `${'a'.repeat(64)}.example.com`;
  const found = said(
    newServer({ federation: { profile: 'https_spiffe' } }, { trustDomain, appsDomain: 'apps.example.com' }),
  );
  expect(found).toEqual([
    `federation.host 'federation.${trustDomain}' follows from the trust domain, and is not a host that a Route can have; ` +
      'choose a trust domain that is a DNS name of at most 242 characters (ztwim-federation)',
  ]);
});
