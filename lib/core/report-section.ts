import type { IConstruct } from 'constructs';

// A symbol of the registry, so that several copies of the library in one program see each other's sections.
const SECTION = Symbol.for('spirekit.report');

/** What a construct says of itself in a report: plain data that JSON can hold. */
export interface ReportSection {
  /** What it is, such as `mesh`. */
  readonly kind: string;
  readonly [field: string]: unknown;
}

/**
 * Gives a construct a section of its own in reports. It is made when the tree is complete, whether or not something is
 * wrong; findings of the construct's own checks stand in it.
 */
export function addReport(construct: IConstruct, section: () => ReportSection): void {
  Object.defineProperty(construct, SECTION, { value: section, configurable: true });
}

/** Whether a construct has a section of its own. */
export const hasReport = (construct: IConstruct): boolean => SECTION in construct;

/** The constructs of a tree that have sections, with what makes them, in construct order. */
export function reportsOf(root: IConstruct): { readonly construct: IConstruct; section(): ReportSection }[] {
  return root.node.findAll().flatMap((construct) => {
    const section = (construct as unknown as Record<symbol, (() => ReportSection) | undefined>)[SECTION];
    return section ? [{ construct, section }] : [];
  });
}
