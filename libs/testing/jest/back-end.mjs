// One broker and one database server for all integration specs of a run of jest.
import { randomBytes } from 'node:crypto';
import './typescript.mjs';

const { startBackEnd } = await import('../src/back-end/start-back-end.ts');
const { dropRunDatabases } = await import('../src/back-end/run-databases.ts');

let backEnd;

/** Workers inherit the environment: fixtures find the servers in it. */
export async function start() {
  const run = randomBytes(5).toString('hex');
  backEnd = await startBackEnd((line) => process.stderr.write(`${line}\n`));
  process.env.HUTONG_TEST_KAFKA_BROKERS = backEnd.brokers.join(',');
  process.env.HUTONG_TEST_DATABASE_URL = backEnd.adminUrl;
  process.env.HUTONG_TEST_RUN = run;
  // Servers that specs start for themselves are of the same kind.
  if (backEnd.kind !== 'running') process.env.HUTONG_BACKEND = backEnd.kind;
}

export async function stop() {
  if (backEnd?.kind === 'running') {
    await dropRunDatabases(backEnd.adminUrl, process.env.HUTONG_TEST_RUN);
  }
  await backEnd?.[Symbol.asyncDispose]();
}
