import { BOOTSTRAP_SCHEMA, type BootstrapRelationship, readBootstrapConfig } from '../../../lib/federation';
import { writeBootstrapConfig } from '../../../lib/federation/bootstrap-job/bootstrap-config';

const relationship: BootstrapRelationship = {
  name: 'west.example.com-bootstrap',
  earlier: 'west.example.com',
  spec: {
    trustDomain: 'west.example.com',
    bundleEndpointURL: 'https://federation.west.example.com',
    bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: 'spiffe://west.example.com/spire/server' },
    className: 'spire',
  },
  from: { by: 'pin', sha256: 'ab'.repeat(32) },
};

test('what is written is read', () => {
  expect(readBootstrapConfig(writeBootstrapConfig([relationship]))).toEqual({
    schema: BOOTSTRAP_SCHEMA,
    relationships: [relationship],
  });
});

const data = (change: object) =>
  JSON.stringify({ schema: BOOTSTRAP_SCHEMA, relationships: [{ ...relationship, ...change }] });

test.each([
  ['', [expect.stringMatching(/^is no JSON: /)]],
  ['[]', ['the whole is not an object; write its properties in braces']],
  ['{}', ['schema is missing; set it', 'relationships is missing; set it']],
  [
    JSON.stringify({ schema: 'spirekit/bundle-bootstrap/v2', relationships: [] }),
    [`schema is not a word that is known here; write one of ${BOOTSTRAP_SCHEMA}`],
  ],
  [data({ name: 1 }), ['relationships[0].name is not text; write it in quotes']],
  [
    data({ from: { by: 'trust-on-first-use' } }),
    ['relationships[0].from.by is not a word that is known here; write one of web, pin, cluster'],
  ],
  [
    data({ from: { by: 'cluster' } }),
    ['relationships[0].from.kubeconfig is missing; set it', 'relationships[0].from.configMap is missing; set it'],
  ],
  [
    data({ insecure: true }),
    ['relationships[0].insecure is not a property; write one of name, earlier, spec, from, replaces'],
  ],
])('what is none is refused whole: %s', (text, problems) => {
  expect(readBootstrapConfig(text)).toEqual(problems);
});
