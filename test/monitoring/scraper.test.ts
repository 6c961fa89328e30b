import { scraperPeer } from '../../lib/monitoring/scraper';

test('all pods of a namespace, or those with some labels', () => {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } };
  expect(scraperPeer({ namespace: 'monitoring' })).toEqual({ namespaceSelector });
  // An empty selector is every pod too.
  expect(scraperPeer({ namespace: 'monitoring', podLabels: {} })).toEqual({ namespaceSelector });
  expect(scraperPeer({ namespace: 'monitoring', podLabels: { app: 'prometheus' } })).toEqual({
    namespaceSelector,
    podSelector: { matchLabels: { app: 'prometheus' } },
  });
});
