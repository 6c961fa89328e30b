import fc from 'fast-check';
import { type Member, meshDot, meshFrom, Topology } from '../../../lib/federation';
import { findingsIn, meshOf } from './fixtures';

test('members by their platform, arrows by their profile, findings by their colour', () => {
  const mesh = meshOf(5, 'chain');
  expect(meshDot(mesh, { findings: findingsIn(mesh) })).toMatchInlineSnapshot(`
"digraph federation {
  graph [charset="UTF-8", rankdir=LR, tooltip="Who believes whom"]
  node [fontname="sans-serif", fontsize=11, style=filled, penwidth=1.2]
  edge [fontname="sans-serif", fontsize=10, arrowsize=0.7]
  { // Kubernetes
    node [shape=box, style="filled", color="#2563c9", fillcolor="#eff5fe"]
    m0 [label="platform/prod-eu-central-1-1\\nprod-eu-central-1-1.example.org\\nKubernetes · SPIRE 1.15.3\\n1 error", tooltip="platform/prod-eu-central-1-1\\ntrust domain prod-eu-central-1-1.example.org\\nKubernetes · SPIRE 1.15.3\\nbundle by https_web at https://federation.prod-eu-central-1-1.example.org/\\nE04 error: edges 'platform/prod-eu-central-1-1 → platform/staging-eu-west-3-2' is declared, but there is no relationship; write 10m or less", color="#cf222e", penwidth=3]
    m2 [label="platform/edge-us-east-1-3\\nedge-us-east-1-3.example.org\\nKubernetes · SPIRE 1.15.3\\n1 warning", tooltip="platform/edge-us-east-1-3\\ntrust domain edge-us-east-1-3.example.org\\nKubernetes · SPIRE 1.15.3\\nbundle by https_spiffe at https://federation.edge-us-east-1-3.example.org/\\nW27 warning: replicas 1 is one server; run three", color="#8f5f00", penwidth=3]
  }
  { // OpenShift
    node [shape=box, style="filled,rounded", color="#a2337f", fillcolor="#fcf0f8"]
    m1 [label="platform/staging-eu-west-3-2\\napps.staging-eu-west-3-2.clusters.example.com\\nOpenShift · ZTWIM 1.1\\n1 error, 1 warning", tooltip="platform/staging-eu-west-3-2\\ntrust domain apps.staging-eu-west-3-2.clusters.example.com\\nOpenShift · ZTWIM 1.1\\nbundle by https_web at https://federation.staging-eu-west-3-2.example.org/\\nE13 error: endpoint.refreshHint 86400 is 24h <too long> &amp; more; write 10m or less\\nW27 warning: replicas 1 is one server; run three", color="#cf222e", penwidth=3]
    m3 [label="platform/lab-ap-southeast-2-4\\napps.lab-ap-southeast-2-4.clusters.example.com\\nOpenShift · ZTWIM 1.1\\n1 accepted", tooltip="platform/lab-ap-southeast-2-4\\ntrust domain apps.lab-ap-southeast-2-4.clusters.example.com\\nOpenShift · ZTWIM 1.1\\nbundle by https_web at https://federation.lab-ap-southeast-2-4.example.org/\\nW27 accepted (a laboratory): replicas 1 is one server; run three"]
  }
  { // external
    node [shape=ellipse, style="filled,dashed", color="#5c6670", fillcolor="#f6f7f8"]
    m4 [label="partner 5 (sa-east-1)\\nprod-sa-east-1-5.example.org\\nexternal", tooltip="partner 5 (sa-east-1)\\ntrust domain prod-sa-east-1-5.example.org\\nexternal\\nbundle by https_web at https://federation.prod-sa-east-1-5.example.org/"]
  }
  m0 -> m1 [style=dashed, color="#cf222e", penwidth=2.5, label="error", fontcolor="#cf222e", dir=both, tooltip="platform/prod-eu-central-1-1 and platform/staging-eu-west-3-2 believe each other (https_web)"]
  m1 -> m2 [style=solid, color="#0b7a75", dir=both, arrowtail=odot, tooltip="platform/staging-eu-west-3-2 believes platform/edge-us-east-1-3 (https_spiffe), one way as declared"]
  m2 -> m3 [style=dashed, color="#6d3fc0", tooltip="platform/edge-us-east-1-3 believes platform/lab-ap-southeast-2-4 (https_web)"]
  m3 -> m2 [style=solid, color="#0b7a75", tooltip="platform/lab-ap-southeast-2-4 believes platform/edge-us-east-1-3 (https_spiffe)"]
  m3 -> m4 [style=dashed, color="#6d3fc0", dir=both, arrowtail=odot, tooltip="platform/lab-ap-southeast-2-4 believes partner 5 (sa-east-1) (https_web), one way as declared"]
}
"
`);
});

test('the same bytes again', () => {
  expect(meshDot(meshOf(40))).toBe(meshDot(meshOf(40)));
});

test('of too many arrows a note stands for them', () => {
  expect(meshDot(meshOf(100, 'full')).match(/ -> /g)?.length).toBeGreaterThan(5000);
  const many = meshDot(meshOf(1000, 'full'));
  expect(many).toContain('  note [shape=note, label="799200 edges are not drawn"]\n');
  expect(many.length).toBeLessThan(500_000);
  expect(meshDot(meshOf(1000, 'hub')).match(/ -> /g)?.length).toBeGreaterThan(999);
});

/** What a quoted text of the language is: anything but quotes, unless a backslash stands before them. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"/g;

test('whatever names hold, every line is one, and its quotes are closed', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('"', '\\', '\\"', '\\N', '"];a->b["', '&amp;', '<b>', '\n', 'a\u0000b'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(hostile, hostile), { maxLength: 6 }), (pairs) => {
      const members = pairs.map(([name, trustDomain]): Member => ({ name, platform: 'external', trustDomain }));
      const { edges } = Topology.full().edgesAmong(members.map(({ name }) => name));
      const lines = meshDot(meshFrom({ members, edges })).split('\n');
      const nodes = lines.filter((line) => /^ {4}m\d+ \[/.test(line));
      expect(nodes).toHaveLength(pairs.length);
      for (const line of lines) {
        const bare = line.replace(QUOTED, 'T');
        expect(bare).toMatch(
          /^(digraph federation \{|\}| {2}\{ \/\/ external| {2}\}|| {2}(graph|node|edge) \[.*\]| {4}node \[.*\]| {4}m\d+ \[label=T, tooltip=T\]| {2}m\d+ -> m\d+ \[[\w=,. T]*\])$/,
        );
      }
    }),
  );
});
