import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Of one run of the test runner. */
export type SpecRun = Readonly<{
  passed: number;
  /** Full names of the tests that failed. */
  failed: readonly string[];
  /** Why files could not be run at all: such a failure says nothing of what they test. */
  broken: readonly string[];
}>;

/** What the test runner writes about a run, as far as it is looked at. */
type Report = Readonly<{
  numPassedTests: number;
  testResults: readonly Readonly<{
    message: string;
    assertionResults: readonly Readonly<{ fullName: string; status: string }>[];
  }>[];
}>;

const WITHIN_MS = 5 * 60_000;

/**
 * Runs these specs of a working copy, all of them whatever fails.
 * @param specs paths from the copy's root. @param env beside this process' own.
 * @throws Error with what the runner said if it leaves no report.
 */
export async function runSpecs(
  folder: string,
  specs: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<SpecRun> {
  const file = join(folder, 'mutants.json.report');
  await rm(file, { force: true });
  const jest = join(folder, 'node_modules/jest/bin/jest.js');
  // A mutant may leave open what keeps the runner alive: its report is all that is wanted.
  const args = [jest, '--forceExit', '--json', '--outputFile', file, '--runTestsByPath', ...specs];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      HUTONG_SPECS: 'unit,int',
      ...env,
    },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  const report = await readFile(file, 'utf8').catch(() => undefined);
  if (report === undefined) throw new Error(`the test runner left no report:\n${said}`);
  return specRunOf(JSON.parse(report) as Report);
}

function specRunOf({ numPassedTests, testResults }: Report): SpecRun {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: numPassedTests,
    failed: tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    broken: testResults
      .filter(({ assertionResults, message }) => assertionResults.length === 0 && message !== '')
      .map(({ message }) => message),
  };
}
