import { sweepLeftovers } from '../processes/leftovers.js';
import { chooseBackEnd, chooseOwn, insteadOf } from './choose-back-end.js';
import { findBackEnds } from './find-back-ends.js';
import type { BackEndKind, Jvm, Report } from './servers.js';
import { startBroker, startDatabase } from './start-servers.js';

/** A broker and a database server for everybody in a run. */
export type BackEnd = AsyncDisposable &
  Readonly<{
    kind: 'running' | BackEndKind;
    brokers: string[];
    /** Address, password included, of a role that may create roles and databases. */
    adminUrl: string;
  }>;

/**
 * Takes or starts the two servers and says which and how long it took. They end with this process,
 * however it ends, or when disposed; servers that ran before go on running.
 * @throws Error saying what is missing where there is no back end: nothing is skipped silently.
 */
export async function startBackEnd(report: Report, jvm: Jvm = 'quick'): Promise<BackEnd> {
  const found = await findBackEnds();
  const choice = chooseBackEnd(found);
  if (choice.kind === 'refused') throw new Error(choice.why);
  if (choice.kind === 'running') {
    report('back end: already running (HUTONG_TEST_KAFKA_BROKERS, HUTONG_TEST_DATABASE_URL)');
    const brokers = choice.brokers.split(',').map((broker) => broker.trim());
    return { kind: 'running', brokers, adminUrl: choice.databaseUrl, [Symbol.asyncDispose]: noop };
  }
  try {
    return await startBoth(choice.kind, report, jvm);
  } catch (cause) {
    const other = insteadOf(choice.kind, found);
    if (other === undefined) throw cause;
    report(`!! ${messageOf(cause)}`);
    report(`!! ${other} are used instead`);
    return startBoth(other, report, jvm);
  }
}

async function startBoth(kind: BackEndKind, report: Report, jvm: Jvm): Promise<BackEnd> {
  report(`back end: ${kind}`);
  await sweepLeftovers();
  const both = await Promise.allSettled([
    startBroker(kind, report, jvm),
    startDatabase(kind, report),
  ]);
  const [broker, database] = both;
  const stop = async () => {
    const started = both.filter((one) => one.status === 'fulfilled');
    await Promise.all(started.map((one) => one.value[Symbol.asyncDispose]()));
  };
  if (broker.status === 'fulfilled' && database.status === 'fulfilled') {
    const [{ brokers }, { adminUrl }] = [broker.value, database.value];
    return { kind, brokers, adminUrl, [Symbol.asyncDispose]: stop };
  }
  await stop();
  const causes = both.filter((one) => one.status === 'rejected').map((one): unknown => one.reason);
  throw new AggregateError(causes, `${kind} did not start: ${causes.map(messageOf).join('; ')}`);
}

const messageOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message : String(fault);

/** How to start a server of one's own here. @throws Error saying what is missing. */
export async function ownBackEnd(): Promise<BackEndKind> {
  const choice = chooseOwn(await findBackEnds());
  if (choice.kind === 'refused') throw new Error(choice.why);
  return choice.kind;
}

const noop = async (): Promise<void> => undefined;
