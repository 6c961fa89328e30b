/**
 * Does something with each value, so many at a time. After a failure no more are begun; those under way are waited for, and the
 * first failure is thrown.
 */
export async function eachAtATime<T>(
  count: number,
  values: Iterable<T>,
  action: (value: T) => Promise<void>,
): Promise<void> {
  const left = [...values];
  const failures: unknown[] = [];
  const worker = async () => {
    while (failures.length === 0 && left.length > 0) {
      try {
        await action(left.shift() as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: count }, worker));
  if (failures.length > 0) throw failures[0];
}
