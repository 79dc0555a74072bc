// Plain JavaScript on purpose: it has to run, and count, when nothing compiles.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.mjs';
import { SpecCounts } from './spec-counts.mjs';

const reporter = join(import.meta.dirname, 'jest-reporter.mjs');
/** Integration specs wait more than they compute: on two cores, one worker would leave one idle. */
const workers = Math.max(2, availableParallelism() - 1);

/**
 * The tally of a whole run: named checks count one each, specs as the test runner counts them. The run
 * as a whole is bounded: what has not ended by then is ended, and counts as failed.
 */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  #lines = [];
  #deadline;
  #root;
  #exitWithinMs;

  /**
   * @param withinMs for everything together.
   * @param at the folder that everything runs in: the repository where nothing is said.
   * @param exitWithinMs how long the test runner may live after its last spec.
   */
  constructor({ withinMs, at = root, exitWithinMs = 60_000 }) {
    this.#deadline = performance.now() + withinMs;
    this.#root = at;
    this.#exitWithinMs = exitWithinMs;
  }

  /**
   * One named check.
   * @param look answers true, or false after saying why, or `{ notRun }`, which says why and is counted as
   *   skipped; gets `succeeds(command, args)`.
   */
  async check(name, look) {
    const started = this.#begin(name);
    const held = await this.#holds(look);
    if (typeof held === 'object') {
      console.log(`!! NOT RUN: ${held.notRun}`);
      this.#note(name, { passed: 0, failed: 0, skipped: 1 }, started);
      return false;
    }
    this.#note(name, { passed: held ? 1 : 0, failed: held ? 0 : 1, skipped: 0 }, started);
    return held;
  }

  /** A run that this machine has nothing for: said aloud, and counted. @param why and what would help. */
  skip(name, why) {
    const started = this.#begin(name);
    console.log(`!! NOT RUN: ${why}`);
    this.#note(name, { passed: 0, failed: 0, skipped: 1 }, started);
  }

  /** One run of the test runner over the given kinds of spec. */
  async specs(name, kinds, env = {}) {
    const started = this.#begin(name);
    const counts = new SpecCounts(this.#exitWithinMs);
    const reporters = ['--reporters=default', `--reporters=${reporter}`];
    const code = await this.#run('jest', [...reporters, `--maxWorkers=${workers}`], {
      env: {
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
        HUTONG_SPECS: kinds.join(','),
        ...env,
      },
      hear: (message, cut) => counts.hear(message, cut),
    });
    this.#note(name, counts.close(code), started);
  }

  /** Prints what each part gave, what was skipped and, last, the totals. Answers the exit code. */
  close() {
    console.log(`\n${this.#lines.join('\n')}`);
    if (this.skipped > 0) console.log(`\n${this.skipped} skipped`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }

  async #holds(look) {
    try {
      return await look(async (command, args) => (await this.#run(command, args)) === 0);
    } catch (cause) {
      console.error(cause);
      return false;
    }
  }

  #run(command, args, options = {}) {
    const withinMs = Math.max(1_000, this.#deadline - performance.now());
    return run(command, args, { cwd: this.#root, withinMs, ...options });
  }

  #begin(name) {
    console.log(`\n── ${name}`);
    return performance.now();
  }

  #note(name, { passed, failed, skipped }, started) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    const word = failed > 0 ? 'FAILED' : passed > 0 ? 'ok    ' : 'NOT RUN';
    this.#lines.push(`${seconds} s  ${word}  ${name}`);
  }
}
