/** What a run of the test runner gave, as its reporter tells it. */
export class SpecCounts {
  passed = 0;
  failed = 0;
  skipped = 0;
  #running = new Set();
  #complete = false;
  #impatient;
  #exitWithinMs;

  /** @param exitWithinMs from the last spec's end to the runner's own: it stops broker and database by then. */
  constructor(exitWithinMs) {
    this.#exitWithinMs = exitWithinMs;
  }

  /** @param cut ends the runner: what hangs after the last spec is something that a spec left open. */
  hear(message, cut) {
    if (message.kind === 'started') this.#running.add(message.path);
    if (message.kind === 'ended') {
      this.#running.delete(message.path);
      this.passed += message.passed;
      this.failed += message.failed;
      this.skipped += message.skipped;
    }
    if (message.kind === 'complete') {
      this.#complete = true;
      const why = 'every spec has ended and it does not: something was left open';
      this.#impatient = setTimeout(() => cut(why), this.#exitWithinMs);
    }
  }

  /** Counts what no spec accounts for, and says what it was. @param code the runner's exit code. */
  close(code) {
    clearTimeout(this.#impatient);
    for (const path of this.#running) this.#fail(`did not end: ${path}`);
    const explained = this.#complete ? code === 0 || this.failed > 0 : this.#running.size > 0;
    if (!explained) this.#fail(`the test runner ended with ${code}, and no spec says why`);
    return this;
  }

  #fail(why) {
    this.failed += 1;
    console.error(`!! ${why}`);
  }
}
