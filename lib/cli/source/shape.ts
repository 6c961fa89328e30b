import type { ReportedFinding } from '../../core';
import { type Mesh, type MeshData, meshFrom, type RuleText } from '../../federation';

/** Data that does not look as it should: where, and what it should be. */
export class ShapeError extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** @throws ShapeError unless the value is an object */
export function objectAt(value: unknown, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ShapeError(`${at} is not an object`);
}

/** @throws ShapeError unless the value is a list */
export function listAt(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ShapeError(`${at} is not a list`);
}

/** @throws ShapeError unless the value is text */
export function textAt(value: unknown, at: string): string {
  if (typeof value === 'string') return value;
  throw new ShapeError(`${at} is not text`);
}

/** @throws ShapeError unless the value is a list of texts */
export const textsAt = (value: unknown, at: string): string[] =>
  listAt(value, at).map((each, index) => textAt(each, `${at}[${index}]`));

/** A mesh of plain data, whatever is in it. @throws ShapeError unless the value is an object */
export const meshAt = (value: unknown, at: string): Mesh => meshFrom(objectAt(value, at) as unknown as MeshData);

/** @throws ShapeError unless the value is a moment as text */
export function dateAt(value: unknown, at: string): Date {
  const moment = new Date(textAt(value, at));
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new ShapeError(`${at} is no moment`);
}

const SEVERITIES = ['error', 'warning'] as const;

function severityAt(value: unknown, at: string): (typeof SEVERITIES)[number] {
  const found = SEVERITIES.find((severity) => severity === value);
  if (found) return found;
  throw new ShapeError(`${at} is neither 'error' nor 'warning'`);
}

const optionalText = (fields: Fields, name: string, at: string): Record<string, string> =>
  fields[name] === undefined ? {} : { [name]: textAt(fields[name], `${at}.${name}`) };

/** A finding as a report holds it. @throws ShapeError */
export function findingAt(value: unknown, at: string): ReportedFinding {
  const fields = objectAt(value, at);
  return {
    severity: severityAt(fields.severity, `${at}.severity`),
    rule: textAt(fields.rule, `${at}.rule`),
    path: textAt(fields.path, `${at}.path`),
    ...optionalText(fields, 'property', at),
    ...(fields.value !== undefined && { value: fields.value }),
    ...optionalText(fields, 'valueOmitted', at),
    message: textAt(fields.message, `${at}.message`),
    ...optionalText(fields, 'remedy', at),
    ...optionalText(fields, 'accepted', at),
    text: textAt(fields.text, `${at}.text`),
  };
}

/** Findings as a report holds them. @throws ShapeError */
export const findingsAt = (value: unknown, at: string): ReportedFinding[] =>
  listAt(value, at).map((each, index) => findingAt(each, `${at}[${index}]`));

/** Rules as a report holds them. @throws ShapeError */
export function rulesAt(value: unknown, at: string): RuleText[] {
  return listAt(value, at).map((each, index) => {
    const place = `${at}[${index}]`;
    const fields = objectAt(each, place);
    const text = (name: string) => textAt(fields[name], `${place}.${name}`);
    return {
      id: text('id'),
      severity: severityAt(fields.severity, `${place}.severity`),
      title: text('title'),
      text: text('text'),
      remedy: text('remedy'),
      source: text('source'),
      ...(fields.shownBy !== undefined && {
        shownBy: textsAt(fields.shownBy, `${place}.shownBy`),
      }),
    };
  });
}
