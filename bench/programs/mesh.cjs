// node mesh.cjs proof|floor MEMBERS: a full mesh as plain data; the floor looks once at every edge and relationship.

const { lap, report } = require('./stopwatch.cjs');

const [side, count] = [process.argv[2], Number(process.argv[3])];
const { meshFrom, proveMesh } = require('spirekit');
lap('load');

const names = Array.from({ length: count }, (_, i) => `c${i}`);
const urlOf = (name) => `https://federation.${name}.example.com`;
const members = names.map((name) => ({
  name,
  platform: 'kubernetes',
  trustDomain: `${name}.example.com`,
  className: 'spire',
  caTtl: 86_400,
  endpoint: {
    url: urlOf(name),
    profile: 'https_web',
    servedBySpire: true,
    exposure: 'load-balancer',
    termination: 'passthrough',
    host: `federation.${name}.example.com`,
    ports: [443],
    certificate: { source: 'cert-manager', dnsNames: [`federation.${name}.example.com`], trust: { type: 'public' } },
    refreshHint: 300,
  },
  relationships: names
    .filter((peer) => peer !== name)
    .map((peer) => ({
      trustDomain: `${peer}.example.com`,
      url: urlOf(peer),
      profile: 'https_web',
      className: 'spire',
    })),
  identities: [
    {
      name: 'web',
      // One peer for each: the first other member, if there is one.
      federatesWith: names
        .slice(0, 2)
        .filter((peer) => peer !== name)
        .slice(0, 1)
        .map((peer) => `${peer}.example.com`),
      wave: 60,
    },
  ],
}));
const edges = names.flatMap((consumer) =>
  names.filter((provider) => provider !== consumer).map((provider) => ({ consumer, provider })),
);
lap('build');

if (side === 'proof') {
  const mesh = meshFrom({ members, edges });
  lap('model');
  const found = proveMesh(mesh);
  if (found.length > 0) throw new Error(`${found.length} findings`);
} else {
  const urls = new Map(members.map(({ trustDomain, endpoint }) => [trustDomain, endpoint.url]));
  const known = new Set(names);
  let right = 0;
  for (const { relationships } of members) {
    for (const { trustDomain, url } of relationships) if (urls.get(trustDomain) === url) right++;
  }
  for (const { consumer, provider } of edges) if (known.has(consumer) && known.has(provider)) right++;
  if (right !== 2 * count * (count - 1)) throw new Error(`${right} are right`);
}
lap(side);
report();
