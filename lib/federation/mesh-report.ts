import type { ReportSection } from '../core';
import type { Mesh } from './mesh';
import type { MeshData } from './model';
import type { MeshRule, RuleText } from './rules/rule';

/** What a mesh says of itself in a report. */
export interface MeshReport extends ReportSection {
  readonly kind: 'mesh';
  readonly data: MeshData;
  /** The moment by which it is judged, in ISO 8601. */
  readonly now: string;
  /** The federation as it stood before, where it is known. */
  readonly previous?: MeshData;
  /** The rules that it is held to, those of the user included. */
  readonly rules: readonly RuleText[];
}

/** A mesh as plain data, with the rules that it is held to. */
export function meshReport(mesh: Mesh, now: Date, rules: readonly MeshRule[], previous?: Mesh): MeshReport {
  return {
    kind: 'mesh',
    data: mesh.data(),
    now: now.toISOString(),
    ...(previous && { previous: previous.data() }),
    rules: rules.map(ruleText),
  };
}

/** What a rule says. The user's own may leave texts out, where no compiler asks for them. */
export function ruleText({ id, severity, title, text, remedy, source, shownBy }: MeshRule): RuleText {
  return {
    id,
    severity,
    title: title ?? id,
    text: text ?? '',
    remedy: remedy ?? '',
    source: source ?? '',
    ...(shownBy && { shownBy }),
  };
}
