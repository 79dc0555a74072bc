import { execFile } from 'node:child_process';
import { readAudit, type Audit } from './audit.js';

const ANSWERED_WITHIN_MS = 30_000;

/**
 * Asks the registry for advisories on what is installed to run, by npm's own client. Bounded: a registry
 * that does not answer, or no network, is `not_answered`.
 * @param root the repository.
 * @param environment of npm: where its registry is, beside all that it needs.
 */
export const askRegistry = (
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Audit> =>
  new Promise((resolve) => {
    const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0'];
    const options = {
      cwd: root,
      env: environment,
      timeout: ANSWERED_WITHIN_MS,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 64 * 1024 * 1024,
    };
    execFile('npm', args, options, (fault, stdout) => {
      const late = fault?.killed === true;
      const why = `the registry did not answer within ${ANSWERED_WITHIN_MS / 1000} s`;
      resolve(late ? { kind: 'not_answered', why } : readAudit(stdout));
    });
  });
