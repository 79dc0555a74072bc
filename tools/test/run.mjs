// Plain JavaScript on purpose: it has to run, and count, when nothing compiles.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
const bin = (name) => join(root, 'node_modules/.bin', name);

/** What every command of ours runs with: no Nx daemon or cloud, Node 24 first in the path. */
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  FORCE_COLOR: '0',
};

/** Runs a command to its end, its output passed through. Answers its exit code. */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(bin(command), args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...environment, ...env },
    });
    child.on('error', (cause) => {
      console.error(`${command}: ${cause.message}`);
      resolve(127);
    });
    child.on('close', (code, signal) => resolve(signal === null ? code : 128));
  });
}

/** The tally of a whole run: named checks count one each, specs as the test runner counts them. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  #lines = [];

  /** One named check: `look` answers true, or false after saying why. */
  async check(name, look) {
    const started = performance.now();
    console.log(`\n── ${name}`);
    const held = await look();
    this.#note(name, held ? 1 : 0, held ? 0 : 1, 0, started);
    return held;
  }

  /** One run of the test runner over the given kinds of spec. */
  async specs(name, kinds, env = {}, args = []) {
    const started = performance.now();
    console.log(`\n── ${name}`);
    const folder = mkdtempSync(join(tmpdir(), 'hutong-specs-'));
    const report = join(folder, 'report.json');
    try {
      const code = await run('jest', ['--json', `--outputFile=${report}`, ...args], {
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
        HUTONG_SPECS: kinds.join(','),
        ...env,
      });
      this.#note(name, ...countsOf(report, code), started);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Prints what each part gave and, last, the totals. Answers the exit code. */
  close() {
    console.log(`\n${this.#lines.join('\n')}`);
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    console.log(`\n${this.passed} passed, ${this.failed} failed${skipped}`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }

  #note(name, passed, failed, skipped, started) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    this.#lines.push(`${seconds} s  ${failed === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
  }
}

/** A suite that could not even start has no failed test: it is counted as one. */
function countsOf(report, code) {
  const result = readReport(report);
  if (result === undefined) {
    console.error('the test runner wrote no report');
    return [0, 1, 0];
  }
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const unexplained = code !== 0 && failed === 0 ? 1 : 0;
  if (unexplained) console.error(`the test runner ended with ${code} though no test failed`);
  return [
    result.numPassedTests,
    failed + unexplained,
    result.numPendingTests + result.numTodoTests,
  ];
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
