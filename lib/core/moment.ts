/**
 * A moment as people read it, to the minute.
 *
 * @param milliseconds since 1970 in UTC
 */
export function moment(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
