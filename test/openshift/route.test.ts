import { ownWave, Waves } from '../../lib/core';
import { Route, type RouteProps, type RouteTls } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { manifestsOf, newCluster, said, specOf, untyped } from './installation';

const BASE = { namespace: 'shop', host: 'web.apps.example.com', service: 'web', targetPort: 'https' };
const make = (props: Partial<Record<keyof RouteProps, unknown>> = {}) =>
  new Route(newCluster(), 'web', untyped({ ...BASE, tls: { termination: 'passthrough' }, ...props }));
const tls = (given: unknown) => said(make({ tls: given }));

test('passthrough', () => {
  const route = make();
  expect(manifestsOf(route)).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "route.openshift.io/v1",
    "kind": "Route",
    "metadata": {
      "name": "web",
      "namespace": "shop",
    },
    "spec": {
      "host": "web.apps.example.com",
      "port": {
        "targetPort": "https",
      },
      "tls": {
        "insecureEdgeTerminationPolicy": "Redirect",
        "termination": "passthrough",
      },
      "to": {
        "kind": "Service",
        "name": "web",
        "weight": 100,
      },
      "wildcardPolicy": "None",
    },
  },
]
`);
  expect(said(route)).toEqual([]);
  expect(ownWave(route)).toBe(Waves.endpoints);
  expect(route.host).toBe('web.apps.example.com');
});

test('reencrypt', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
  const route = make({
    name: 'other',
    targetPort: 8443,
    labels: { a: 'b' },
    annotations: { c: 'd' },
    tls: {
      termination: 'reencrypt',
      externalCertificate: 'web-tls',
      destinationCaCertificate: pem,
      insecureEdgeTerminationPolicy: 'Allow',
    },
  });
  expect(said(route)).toEqual([]);
  expect(manifestsOf(route)[0].metadata).toEqual({
    name: 'other',
    namespace: 'shop',
    labels: { a: 'b' },
    annotations: { c: 'd' },
  });
  expect([specOf(route).port, specOf(route).tls]).toEqual([
    { targetPort: 8443 },
    {
      termination: 'reencrypt',
      externalCertificate: { name: 'web-tls' },
      destinationCACertificate: pem,
      insecureEdgeTerminationPolicy: 'Allow',
    },
  ]);
});

test('edge', () => {
  expect(specOf(make({ tls: { termination: 'edge' } })).tls).toEqual({
    termination: 'edge',
    insecureEdgeTerminationPolicy: 'Redirect',
  });
});

test('what does not compile', () => {
  // @ts-expect-error the pods have the certificate
  const secret: RouteTls = { termination: 'passthrough', externalCertificate: 'web-tls' };
  // @ts-expect-error plain HTTP cannot reach pods that end TLS
  const allow: RouteTls = { termination: 'passthrough', insecureEdgeTerminationPolicy: 'Allow' };
  // @ts-expect-error the pods have no certificate
  const ca: RouteTls = { termination: 'edge', destinationCaCertificate: 'pem' };
  expect([...tls(secret), ...tls(allow), ...tls(ca)]).toMatchInlineSnapshot(`
[
  "tls.externalCertificate does not go with termination 'passthrough'; leave it out, or write termination: 'reencrypt' (route)",
  "tls.insecureEdgeTerminationPolicy 'Allow' is not a word that is known here; write one of Redirect, None (route)",
  "tls.destinationCaCertificate does not go with termination 'edge'; leave it out, or write termination: 'reencrypt' (route)",
]
`);
});

test('what is wrong', () => {
  expect([
    ...said(make({ host: 'Web.example.com' })),
    ...said(make({ host: `${'a'.repeat(64)}.example.com` })),
    ...said(make({ host: undefined })),
    ...said(make({ namespace: 'a.b', service: '' })),
    ...said(make({ namespace: fakeOutput() })),
    ...[0, 65536, '', 'a'.repeat(16), '443', undefined, fakeOutput()].flatMap((targetPort) =>
      said(make({ targetPort })),
    ),
    ...tls(undefined),
    ...tls({ termination: 'none' }),
    ...tls({ termination: 'reencrypt', externalCertificate: 'A', destinationCaCertificate: 'none' }),
    ...tls('edge'),
  ]).toMatchInlineSnapshot(`
[
  "host 'Web.example.com' is not a host that a Route can have; write at most 253 characters of a-z, 0-9, '-' and '.', at most 63 between two dots (route)",
  "host 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com' is not a host that a Route can have; write at most 253 characters of a-z, 0-9, '-' and '.', at most 63 between two dots (route)",
  "host is missing; write it (route)",
  "namespace 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (route)",
  "service '' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (route)",
  "namespace is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (route)",
  "targetPort 0 is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "targetPort 65536 is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "targetPort '' is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "targetPort 'aaaaaaaaaaaaaaaa' is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "targetPort '443' is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "targetPort is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "targetPort is neither a port's name nor its number; write a name such as 'https', or a number from 1 to 65535 (route)",
  "tls.termination is missing; write one of passthrough, reencrypt, edge (route)",
  "tls.termination 'none' is not a word that is known here; write one of passthrough, reencrypt, edge (route)",
  "tls.externalCertificate 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (route)",
  "tls.destinationCaCertificate 'none' holds no certificate; write it as PEM (route)",
  "tls 'edge' is not an object; write its properties in braces (property-kind)",
]
`);
});
