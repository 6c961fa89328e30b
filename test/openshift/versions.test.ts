import { DEFAULT_ZTWIM_VERSION, ZTWIM_VERSIONS, ztwimFacts } from '../../lib/openshift';

test('what differs between versions', () => {
  expect(ZTWIM_VERSIONS).toMatchInlineSnapshot(`
{
  "1.0": {
    "commonName": undefined,
    "grantsRouter": false,
    "spire": "1.13.3",
    "upstreamAuthority": false,
  },
  "1.1": {
    "commonName": /\\^\\[a-zA-Z0-9 \\._-\\]\\*\\$/,
    "grantsRouter": true,
    "spire": "1.14.7",
    "upstreamAuthority": true,
  },
}
`);
  expect(ztwimFacts(DEFAULT_ZTWIM_VERSION)).toBe(ZTWIM_VERSIONS['1.1']);
});
