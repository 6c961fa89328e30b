import { meshFrom, meshSvg } from '../../../lib/federation';
import { memberAt, meshOf } from './fixtures';
import { all, hasClass, read } from './svg';

/** The picture without its style, which all have in common. */
const bodyOf = (svg: string): string => svg.replace(/<style>[\s\S]*<\/style>\n/, '');

test('one cluster that believes a partner', () => {
  const [cluster, partner] = [memberAt(0), memberAt(4)];
  const mesh = meshFrom({
    members: [cluster, partner],
    edges: [{ consumer: cluster.name, provider: partner.name, oneWay: true }],
  });
  expect(bodyOf(meshSvg(mesh, { title: 'shop' }))).toMatchInlineSnapshot(`
"<svg xmlns="http://www.w3.org/2000/svg" class="spirekit" role="img" width="840" height="230" viewBox="0 0 840 230">
<title>shop</title>
<desc>2 members, 1 directed edge. 1 Kubernetes, 1 external, 0 pairs that believe each other alike, 1 direction without a reverse</desc>
<rect class="ground" x="0.5" y="0.5" width="839" height="229" rx="10"/>
<text class="title" x="24" y="40">shop</text>
<g><text class="text muted" x="24" y="60">2 members, 1 directed edge</text></g>
<g class="edge web m0 m1"><title>platform/prod-eu-central-1-1 believes partner 5 (sa-east-1) (https_web), one way as declared</title><path class="line" d="M306 121C408 121 432 121 532 121"/><path class="head" d="M540 121L531 116.5L531 125.5Z"/><circle class="ring" cx="303.5" cy="121" r="3"/></g>
<g class="kubernetes b0"><title>platform/prod-eu-central-1-1
trust domain prod-eu-central-1-1.example.org
Kubernetes · SPIRE 1.15.3
bundle by https_web at https://federation.prod-eu-central-1-1.example.org/</title><rect class="box" x="24" y="90" width="276" height="62" rx="7"/><rect class="bar" x="28" y="102" width="4" height="38" rx="2"/><text class="name" x="40" y="112">platform/prod-eu-central-1-1</text><text class="text" x="40" y="128">prod-eu-central-1-1.example.org</text><path class="glyph" d="M46 133.9L50.4 136L51.5 140.7L48.4 144.5L43.6 144.5L40.5 140.7L41.6 136Z"/><circle class="bar" cx="46" cy="139.5" r="1.7"/><text class="small muted" x="58" y="143.5">Kubernetes · SPIRE 1.15.3</text></g>
<g class="external b1"><title>partner 5 (sa-east-1)
trust domain prod-sa-east-1-5.example.org
external
bundle by https_web at https://federation.prod-sa-east-1-5.example.org/</title><rect class="box" x="540" y="90" width="276" height="62" rx="7"/><rect class="bar" x="544" y="102" width="4" height="38" rx="2"/><text class="name" x="556" y="112">partner 5 (sa-east-1)</text><text class="text" x="556" y="128">prod-sa-east-1-5.example.org</text><rect class="glyph" x="557" y="134.5" width="10" height="10" stroke-dasharray="2.5 2"/><text class="small muted" x="574" y="143.5">external</text></g>
<path class="hair" d="M24 172h792"/>
<g class="kubernetes"><path class="glyph" d="M30 188.4L34.4 190.5L35.5 195.2L32.4 199L27.6 199L24.5 195.2L25.6 190.5Z"/><circle class="bar" cx="30" cy="194" r="1.7"/></g><text class="small muted" x="44" y="198">Kubernetes (1)</text>
<g class="external"><rect class="glyph" x="152.4" y="189" width="10" height="10" stroke-dasharray="2.5 2"/></g><text class="small muted" x="171.4" y="198">external (1)</text>
<g class="web"><path class="line" d="M261.2 194H295.2"/></g><text class="small muted" x="303.2" y="198">https_web</text>
<g class="sample"><path class="line" d="M391.5 194H409.5"/><path class="head" d="M417.5 194L408.5 189.5L408.5 198.5Z"/><circle class="ring" cx="387.5" cy="194" r="3"/></g><text class="small muted" x="425.5" y="198">believes, one way as declared</text>
</svg>
"
`);
});

test('whoever points at a box sees its lines alone, where the browser can', () => {
  const svg = meshSvg(meshOf(3));
  expect(svg).toContain('.spirekit:has(.b1:hover) .edge:not(.m1){opacity:.1}');
  const lines = all(read(svg), 'g').filter((group) => hasClass(group, 'edge') && hasClass(group, 'm1'));
  expect(lines).toHaveLength(3);
});

test('lines are thinner where they are many', () => {
  const width = (count: number) =>
    /\.spirekit \.edge \.line\{stroke-width:([\d.]+)\}/.exec(meshSvg(meshOf(count)))?.[1];
  expect([width(3), width(8), width(20)]).toEqual([undefined, '1.2', '0.9']);
});
