import { type Member, meshFrom } from '../../lib/federation';
import { FetchTargets, proxyLines, proxyRoutes } from '../../lib/federation/proxy-routes';

const lab = (noProxy: string[] | undefined, ...urls: string[]): Member => ({
  name: 'lab',
  platform: 'kubernetes',
  trustDomain: 'lab.example',
  ...(noProxy && { proxy: { noProxy } }),
  relationships: urls.map((url, index) => ({ trustDomain: `peer-${index}.example`, url, profile: 'https_web' })),
});

const URLS = ['https://a.example/', 'https://b.svc:8443/', 'https://10.1.2.3/', 'https://c.internal/', 'x'];

test('by proxy or not, each host once', () => {
  const member = lab(['.svc', '10.0.0.0/8'], ...URLS, 'https://a.example/other');
  expect(proxyRoutes(member, new FetchTargets())).toEqual({
    direct: ['b.svc', '10.1.2.3'],
    byProxy: ['a.example', 'c.internal'],
  });
  expect(proxyRoutes(member, new FetchTargets(), { only: 'private' })).toEqual({
    direct: ['b.svc', '10.1.2.3'],
    byProxy: ['c.internal'],
  });
});

test('static relationships are fetched too', () => {
  const member: Member = {
    ...lab([]),
    staticRelationships: [{ trustDomain: 'a.example', url: 'https://a.example', profile: 'https_web' }],
  };
  expect(proxyRoutes(member, new FetchTargets())).toEqual({ direct: [], byProxy: ['a.example'] });
});

test('no routes without a proxy, and none of foreign systems', () => {
  expect(proxyRoutes(lab(undefined, ...URLS), new FetchTargets())).toBeUndefined();
  expect(proxyRoutes({ ...lab([], ...URLS), platform: 'external' }, new FetchTargets())).toBeUndefined();
});

test('lines for people', () => {
  const lines = (...members: Member[]) => proxyLines(meshFrom({ members, edges: [] }));
  const many = Array.from({ length: 12 }, (_, index) => `https://${String.fromCharCode(97 + index)}.example/`);
  expect(lines(lab(undefined, ...URLS))).toEqual([]);
  expect(lines(lab(['.svc', '10.0.0.0/8'], ...URLS), lab(['*'], ...URLS), lab([], ...many))).toEqual([
    "lab asks its proxy for 'a.example' and 'c.internal', and reaches 'b.svc' and '10.1.2.3' without it",
    "lab asks its proxy for nobody, and reaches 'a.example', 'b.svc', '10.1.2.3' and 'c.internal' without it",
    "lab asks its proxy for 'a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example', 'g.example', 'h.example', 'i.example', 'j.example' and 2 more",
  ]);
});
