/** How many there are of something, in words: `1 member`, `2 members`. */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
