/**
 * Makes what calls something that has to fail: it gives the error. Any other error than one of the type, and no error at
 * all, fails the test.
 *
 * @param type the type of the error
 */
export function failureWith<E extends Error>(type: abstract new (...args: never[]) => E): (call: () => unknown) => E {
  return (call) => {
    try {
      call();
    } catch (error) {
      if (error instanceof type) return error;
      throw error;
    }
    throw new Error(`expected a ${type.name}`);
  };
}
