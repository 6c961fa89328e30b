import { Chart, Testing } from 'cdk8s';
import { gateOf, objectsOf, Waves } from '../../lib/core';
import { RegistrationCrds, registrationCrds } from '../../lib/registration';
import { constraintsOf, pathsOf } from './schema-paths';

test.each(registrationCrds.map((crd) => [crd.metadata.name, crd] as const))('%s', (name, crd) => {
  const schema = crd.spec.versions[0]?.schema.openAPIV3Schema;
  expect({ paths: pathsOf(schema), constraints: constraintsOf(schema) }).toMatchSnapshot(name);
});

test('the construct', () => {
  const app = Testing.app();
  const crds = new RegistrationCrds(new Chart(app, 'c', { namespace: 'n' }), 'crds');
  expect(objectsOf(app).map(({ wave }) => wave)).toEqual([Waves.foundation, Waves.foundation, Waves.foundation]);
  for (const object of crds.objects) {
    expect(gateOf(object)?.condition).toEqual({ type: 'established' });
    expect(object.toJson().metadata).toEqual({ name: object.name });
  }
});

const pattern = (kind: string, field: string) => {
  const crd = registrationCrds.find((one) => one.spec.names.kind === kind);
  const schema = crd?.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec?.properties?.[field];
  return new RegExp((schema?.pattern ?? schema?.items?.pattern) as string);
};

test('patterns take what the controller manager takes, and refuse what it cannot read', () => {
  const cases: [string, string, string[], string[]][] = [
    [
      'ClusterSPIFFEID',
      'ttl',
      ['1h', '0', '1h30m', '1.5h', '.5s', '1.s', '+1m', '-1m', '5µs', '5μs'],
      ['', '1', '1d', '1h ', 'h', '.s', '1h0'],
    ],
    [
      'ClusterSPIFFEID',
      'federatesWith',
      ['a.example', 'a_b', 'spiffe://a', 'spiffe://a/b/c'],
      ['', 'A', 'a/b', 'https://a', 'spiffe://a/'],
    ],
    [
      'ClusterStaticEntry',
      'spiffeID',
      ['spiffe://a/b', 'spiffe://a/B.c/_'],
      ['spiffe://a', 'spiffe://a/', 'spiffe://A/b', 'a/b', 'spiffe://a//b'],
    ],
    ['ClusterStaticEntry', 'selectors', ['a:b', 'a:b:c', 'a:\n'], ['a', 'a:', ':b']],
    [
      'ClusterFederatedTrustDomain',
      'bundleEndpointURL',
      ['https://a', 'HTTPS://a:1/x?y@z#q', 'https://a?x'],
      ['http://a', 'https:a', 'https://', 'https://u@a', 'https:///a'],
    ],
  ];
  for (const [kind, field, good, bad] of cases) {
    const regexp = pattern(kind, field);
    for (const text of good) expect([field, text, regexp.test(text)]).toEqual([field, text, true]);
    for (const text of bad) expect([field, text, regexp.test(text)]).toEqual([field, text, false]);
  }
});
