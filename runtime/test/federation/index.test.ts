import * as federation from '../../src/federation';

test('exports', () => {
  expect(Object.keys(federation).sort()).toEqual([
    'BundleEndpoint',
    'BundleWatcher',
    'FederatedBundles',
    'FederationError',
    'bundleHandler',
    'fetchBundle',
    'httpsSpiffe',
    'httpsWeb',
    'serveBundle',
  ]);
});
