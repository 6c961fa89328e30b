import { labelKeyProblem } from '../kube';
import { FUNCTIONS, LABEL_MAPS } from './template-data';
import { fault } from './template-scan';

/** An argument of a command. */
export type Operand =
  | { readonly type: 'field'; readonly path: readonly string[] }
  | { readonly type: 'text'; readonly value: string | undefined }
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipe'; readonly pipe: Pipe }
  /** Constants, variables, fields of what is not known. */
  | { readonly type: 'other'; readonly constant: boolean };

/** Commands, each of which is handed the result of the one before. */
export type Pipe = readonly (readonly Operand[])[];

/** A template that has been read. */
export interface TemplateTree {
  /** Text and actions in order. */
  readonly parts: readonly (string | Pipe)[];
  /** Whether it has no control structures and no variables, so that the parts are all there is. */
  readonly flat: boolean;
}

/** Whether a value can stand behind '|' only by mistake, because it is no function, method or field. */
export function isConstant(operand: Operand): boolean {
  if (operand.type === 'field') return operand.path.length === 0;
  return operand.type === 'text' || operand.type === 'number' || (operand.type === 'other' && operand.constant);
}

const ESCAPE = /\\(?:[abfnrtv\\"]|x[0-9a-fA-F]{2}|[0-3][0-7]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g;

/** The value of a literal, if it can be told without Go. */
export function unquote(literal: string): string | undefined {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '');
  const body = literal.slice(1, -1);
  if (!body.includes('\\')) return body;
  if (body.replace(ESCAPE, '').includes('\\')) {
    fault(`has the text ${literal}, which Go cannot read`, 'write \\\\ for a backslash');
  }
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

/** @throws TemplateFault always */
export function unknownFunction(name: string): never {
  fault(
    `calls the unknown function '${name}'`,
    `the controller manager has only Go's own functions (none of sprig or Helm): ${[...FUNCTIONS].join(', ')}`,
  );
}

/** `index .PodMeta.Labels "key"`: the key must be one that a label can have. */
export function checkIndex(operands: readonly Operand[]): void {
  const [first, map, key] = operands;
  if (first?.type !== 'function' || first.name !== 'index' || map?.type !== 'field' || key?.type !== 'text') return;
  if (map.path.length !== 2 || !LABEL_MAPS.has(map.path[1] as string) || key.value === undefined) return;
  const problem = labelKeyProblem(key.value);
  if (problem) {
    fault(`reads the key '${key.value}' of .${map.path.join('.')}, which ${problem.message}`, problem.remedy);
  }
}
