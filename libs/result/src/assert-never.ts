/**
 * Closes an exhaustive switch: compiles only while every case is handled.
 * @throws Error if a value reached it all the same, which means that unchecked data got in.
 */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
