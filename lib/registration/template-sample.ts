import { findField } from './template-data';
import type { Operand, Pipe, TemplateTree } from './template-operand';

/** What a template looks like when it is rendered for some pod. */
export interface Sample {
  readonly text: string;
  /** The first action that prints a map, a list or an object. */
  readonly composite?: string;
}

/** What the data holds in a sample: text that is valid in an ID, a DNS name and a selector. */
const SAMPLE_TEXT = 'sample';

/**
 * Renders a template whose actions are simple (fields, `index` of a map, `printf`) with harmless values.
 *
 * @returns undefined when only Go can tell what it renders to
 */
export function renderSample(tree: TemplateTree, trustDomain: string): Sample | undefined {
  if (!tree.flat) return undefined;
  let text = '';
  let composite: string | undefined;
  for (const part of tree.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = evaluate(part, trustDomain);
    if (value === undefined) return undefined;
    if (value.composite !== undefined) composite ??= value.composite;
    text += value.text;
  }
  return composite === undefined ? { text } : { text, composite };
}

function evaluate(pipe: Pipe, trustDomain: string): Sample | undefined {
  let last: Sample | undefined;
  for (const [index, command] of pipe.entries()) {
    last = run(command, index === 0 ? undefined : last, trustDomain);
    if (last === undefined) return undefined;
  }
  return last;
}

function run(command: readonly Operand[], piped: Sample | undefined, trustDomain: string): Sample | undefined {
  const [first, ...rest] = command;
  if (first?.type !== 'function') {
    return first && rest.length === 0 && !piped ? sampleOf(first, trustDomain) : undefined;
  }
  if (first.name === 'index') return rest.length === 2 && !piped ? indexed(rest[0], rest[1]) : undefined;
  if (first.name !== 'printf') return undefined;
  const [format, ...operands] = rest;
  if (format?.type !== 'text' || format.value === undefined) return undefined;
  const values = operands.map((operand) => sampleOf(operand, trustDomain));
  if (piped) values.push(piped);
  return values.every((value) => value !== undefined) ? formatted(format.value, values) : undefined;
}

/** A value of a map of text by a literal key. */
function indexed(map: Operand | undefined, key: Operand | undefined): Sample | undefined {
  if (map?.type !== 'field' || map.path.length !== 2 || key?.type !== 'text') return undefined;
  const found = findField([...map.path, 'key']);
  return 'type' in found && found.type === 'text' ? { text: SAMPLE_TEXT } : undefined;
}

function sampleOf(operand: Operand, trustDomain: string): Sample | undefined {
  switch (operand.type) {
    case 'field':
      return fieldValue(operand.path, trustDomain);
    case 'text':
      return operand.value === undefined ? undefined : { text: operand.value };
    case 'number':
      return /^[1-9][0-9]*$/.test(operand.text) ? { text: operand.text } : undefined;
    case 'pipe':
      return evaluate(operand.pipe, trustDomain);
    default:
      return undefined;
  }
}

function fieldValue(path: readonly string[], trustDomain: string): Sample | undefined {
  if (path.length === 1 && path[0] === 'TrustDomain') return { text: trustDomain };
  const found = findField(path);
  if (!('type' in found)) return undefined;
  switch (found.type) {
    case 'text':
      return { text: SAMPLE_TEXT };
    case 'number':
      return { text: '1' };
    case 'flag':
      return { text: 'true' };
    case 'unknown':
      return undefined;
    default:
      return { text: `${found.type}[]`, composite: `.${path.join('.')}` };
  }
}

/** `printf` with the verbs %s, %v and %d without flags, each with its value. */
function formatted(format: string, values: readonly Sample[]): Sample | undefined {
  let used = 0;
  let simple = true;
  let composite: string | undefined;
  const text = format.replace(/%(.?)/gs, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = values[used++];
    const fits = verb === 'v' || (verb === 's' && value?.text !== '1' && value?.text !== 'true');
    if (value === undefined || !fits) simple = false;
    composite ??= value?.composite;
    return value?.text ?? '';
  });
  if (!simple || used !== values.length) return undefined;
  return composite === undefined ? { text } : { text, composite };
}
