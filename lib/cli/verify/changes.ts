import { oneLine } from '../../core';
import type { Verdict, Verification } from '../../verify';

/** What stands for a verdict from one look to the next: the same check of the same thing. */
const keyOf = ({ check, member, peer, where }: Verdict): string => JSON.stringify([check, member, peer, where]);

/**
 * What has changed between two looks, a line for each: what is new or other than before, and what is gone.
 *
 * @param before undefined: this is the first look; all that is not well is new
 */
export function changeLines(before: Verification | undefined, now: Verification): string[] {
  const old = new Map((before?.verdicts ?? []).map((verdict) => [keyOf(verdict), verdict]));
  const lines: string[] = [];
  for (const verdict of now.verdicts) {
    const was = old.get(keyOf(verdict));
    old.delete(keyOf(verdict));
    const wasWell = was === undefined || was.state === 'ok';
    if (verdict.state === 'ok' ? wasWell : was?.state === verdict.state && was.what === verdict.what) continue;
    lines.push(lineOf(now.ended, verdict.state, verdict));
  }
  // What stands no more where it stood, and was not well there.
  for (const gone of old.values()) if (gone.state !== 'ok') lines.push(lineOf(now.ended, 'gone', gone));
  return lines;
}

function lineOf(at: Date, state: string, { check, member, peer, what, where }: Verdict): string {
  const subject = peer === undefined ? member : `${member} believes ${peer}`;
  return oneLine(
    `${at.toISOString()}  ${state.padEnd(7)}  ${check}  ${subject}: ${where === '' ? '' : `${where}: `}${what}`,
  );
}
