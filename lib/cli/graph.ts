import {
  caTimelineSvg,
  mermaid,
  meshDot,
  meshSvg,
  type ProvenFinding,
  servingChainsMermaid,
  servingChainsSvg,
  trustMatrix,
} from '../federation';
import { chosenMesh } from './chosen-mesh';
import { EXIT, UsageFailure } from './failure';
import { oneOf, readOptions } from './options';
import { deliver } from './output';
import type { MemberFinding, ProvenMesh } from './proof';
import { proofOf, SOURCE_OPTIONS } from './source';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  picture: { type: 'string', default: 'mesh' },
  format: { type: 'string', default: 'svg' },
  mesh: { type: 'string' },
  output: { type: 'string' },
} as const;

const PICTURE_NAMES = ['mesh', 'serving', 'ca-timeline'] as const;
const FORMATS = ['svg', 'mermaid', 'dot', 'matrix'] as const;

type Draw = (proven: ProvenMesh) => string;

/** What can be drawn, and how. */
const PICTURES: Readonly<
  Record<(typeof PICTURE_NAMES)[number], { readonly [format in (typeof FORMATS)[number]]?: Draw }>
> = {
  mesh: {
    svg: ({ name, mesh, findings }) =>
      meshSvg(mesh, { title: `Federation ${name}`, findings: findings.map(inWordsOfModel) }),
    mermaid: ({ mesh, findings }) => mermaid(mesh, { findings: findings.map(inWordsOfModel) }),
    dot: ({ mesh, findings }) => meshDot(mesh, { findings: findings.map(inWordsOfModel) }),
    matrix: ({ mesh }) => `${trustMatrix(mesh).join('\n')}\n`,
  },
  serving: {
    svg: ({ mesh }) => servingChainsSvg(mesh),
    mermaid: ({ mesh }) => servingChainsMermaid(mesh),
  },
  'ca-timeline': {
    svg: ({ mesh }) => caTimelineSvg(mesh),
  },
};

/** `spirekit graph [FILE]`: draws a federation. */
export async function graph(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('graph', args, OPTIONS);
  const picture = oneOf('graph', 'picture', values.picture, PICTURE_NAMES);
  const format = oneOf('graph', 'format', values.format, FORMATS);
  const draw = PICTURES[picture][format];
  if (!draw) {
    const formats = Object.keys(PICTURES[picture]).join(' or ');
    throw new UsageFailure(`--picture ${picture} has no format ${format}; write --format ${formats}`, 'graph');
  }
  const proof = await proofOf('graph', positionals[0], values);
  await deliver(draw(chosenMesh('graph', 'draw', proof, values.mesh)), values.output);
  return EXIT.ok;
}

/** A program calls the edges of its mesh a topology; pictures look for them by the model's word. */
function inWordsOfModel(finding: MemberFinding): ProvenFinding {
  const { property, remedy = '' } = finding;
  return { ...finding, remedy, ...(property === 'topology' && { property: 'edges' }) };
}
