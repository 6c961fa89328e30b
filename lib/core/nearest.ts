/** Most letters that may differ for a word to be meant by another. */
const NEAR = 2;

/** Words that could have been meant, as the end of a sentence: `; did you mean 'prove'?`. Empty when none is near. */
export function nearest(word: string, known: readonly string[]): string {
  const near = known
    .map((each) => ({ each, distance: distance(word, each) }))
    .filter(({ each, distance }) => distance <= NEAR || (word.length > NEAR && each.startsWith(word)))
    .sort((a, b) => a.distance - b.distance);
  return near[0] ? `; did you mean '${near[0].each}'?` : '';
}

/** Letters to insert, to remove or to change: Levenshtein's distance. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = (above[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(changed, (above[column] as number) + 1, (line[column - 1] as number) + 1));
    }
    above = line;
  }
  return above[b.length] as number;
}
