import type { IConstruct } from 'constructs';

const SECTIONS = Symbol.for('spirekit.summary');

type Section = () => readonly string[];

/** Adds lines to what an app shows after a synth; they are made when the tree is complete and proven. */
export function addSummary(construct: IConstruct, lines: Section): void {
  Object.defineProperty(construct, SECTIONS, { value: [...sectionsOf(construct), lines], configurable: true });
}

/** The lines that the constructs of a tree add to the summary, in construct order; an empty one between two sections. */
export function summaryLinesOf(root: IConstruct): string[] {
  const sections = root.node.findAll().flatMap((construct) => sectionsOf(construct).map((lines) => lines()));
  return sections.filter(({ length }) => length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function sectionsOf(construct: IConstruct): readonly Section[] {
  return (construct as unknown as Record<symbol, readonly Section[] | undefined>)[SECTIONS] ?? [];
}
