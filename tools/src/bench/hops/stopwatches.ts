const ARRIVES_WITHIN_MS = 30_000;

/** How long things take that start here and end when somebody else has seen them. */
export class Stopwatches {
  private readonly running = new Map<string, (at: number) => void>();

  /** Whoever sees it says so. */
  readonly stop = (id: string): void => {
    this.running.get(id)?.(performance.now());
  };

  /**
   * One after the other, each once the one before has arrived.
   * @returns milliseconds from before `send` until `stop`, of each. @throws Error if one does not arrive.
   */
  async each<Id extends string>(
    count: number,
    id: () => Id,
    send: (id: Id) => Promise<void>,
  ): Promise<number[]> {
    const took: number[] = [];
    for (let left = count; left > 0; left -= 1) took.push(await this.one(id(), send));
    return took;
  }

  private async one<Id extends string>(id: Id, send: (id: Id) => Promise<void>): Promise<number> {
    const { promise: arrived, resolve, reject } = Promise.withResolvers<number>();
    const limit = setTimeout(() => reject(new Error(`${id} has not arrived`)), ARRIVES_WITHIN_MS);
    this.running.set(id, resolve);
    try {
      const started = performance.now();
      const [at] = await Promise.all([arrived, send(id)]);
      return at - started;
    } finally {
      clearTimeout(limit);
      this.running.delete(id);
    }
  }
}
