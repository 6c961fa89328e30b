import type { Result } from './benchmark';
import { median, type Program, type Run, runInTurns } from './fresh-process';
import { imageOf, madeLayers } from './image-command';
import { milliseconds, type Row, rounded, times } from './table';

/** A build that takes part in a comparison. */
export interface Contender {
  /** As the table names it. */
  readonly name: string;
  readonly program: Program;
  /** Layers that each run has to make, and no others. @default - it is not asked */
  readonly makes?: readonly string[];
  /** Milliseconds of a run. @default - its whole process */
  readonly ms?: (run: Run) => number;
}

/** Medians of contenders, by name. */
export type Medians = ReadonlyMap<string, number>;

/** Runs contenders in turns, and holds them to what they have to make: a build that does less is quick, too. */
export async function contest(contenders: readonly Contender[], runs: number): Promise<Medians> {
  const results = await runInTurns(
    contenders.map(({ program }) => program),
    runs,
  );
  return new Map(
    contenders.map(({ name, makes, ms = ({ wall }) => wall }, at) => {
      const all = results[at] ?? [];
      for (const run of makes ? all : []) {
        const made = madeLayers(imageOf(run)).join(' ');
        if (made !== makes?.join(' ')) throw new Error(`${name}: made the layers '${made}', not '${makes?.join(' ')}'`);
      }
      return [name, median(all.map(ms))];
    }),
  );
}

/**
 * A table of medians, with their ratios to those of the contenders that are named, as far as these took part.
 *
 * @param key where the same stands in the line of JSON
 */
export function contestResult(
  { title, key, notes }: { readonly title: string; readonly key: string; readonly notes: readonly string[] },
  medians: Medians,
  names: readonly string[],
): Result {
  const others = names.flatMap((name) => {
    const value = medians.get(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const rows: Row[] = [...medians].map(([name, ms]) => [
    name,
    milliseconds(ms),
    ...others.map(({ value }) => times(ms / value)),
  ]);
  return {
    tables: [{ title, rows: [['', 'wall', ...others.map(({ name }) => `/ ${name}`)], ...rows], notes }],
    data: {
      [key]: {
        ms: Object.fromEntries([...medians].map(([name, ms]) => [name, rounded(ms)])),
        ...Object.fromEntries(
          others.map(({ name: other, value }) => [
            `/ ${other}`,
            Object.fromEntries([...medians].map(([name, ms]) => [name, rounded(ms / value)])),
          ]),
        ),
      },
    },
  };
}
