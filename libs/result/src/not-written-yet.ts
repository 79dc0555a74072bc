/**
 * Stands where only a provider's documents can say what to write: a new gateway's skeleton is full of it,
 * a finished gateway has none. The conformance suite fails at once where it meets one.
 */
export class NotWrittenYet extends Error {
  /** @param what is to be written, in words. */
  constructor(what: string) {
    super(`not written yet: ${what}`);
    this.name = 'NotWrittenYet';
  }
}

/** @throws NotWrittenYet always. */
export function notWritten(what: string): never {
  throw new NotWrittenYet(what);
}
