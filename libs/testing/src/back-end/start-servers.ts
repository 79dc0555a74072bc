import { KAFKA_VERSION } from '../processes/kafka-jars.js';
import { startKafkaProcess } from '../processes/kafka-process.js';
import { startPostgresProcess } from '../processes/postgres-process.js';
import type { BackEndKind, Jvm, OwnBroker, OwnDatabase, Report } from './servers.js';

const POSTGRES_VERSION = 18;

/**
 * A broker that nobody else uses.
 * @param jvm of a process; a container has its image's.
 * @param advertised `host:port` at which clients are told to find it; its own if nothing is said.
 */
export async function startBroker(
  kind: BackEndKind,
  report: Report,
  jvm: Jvm = 'quick',
  advertised?: string,
): Promise<OwnBroker> {
  const name = `kafka ${KAFKA_VERSION} (${nameOf[kind]})`;
  return timed(name, report, async () => {
    if (kind === 'processes') return startKafkaProcess(report, jvm, advertised);
    const { startKafkaContainer } = await import('../containers/kafka-container.js');
    return startKafkaContainer(KAFKA_VERSION, advertised);
  });
}

/** A database server that nobody else uses. */
export async function startDatabase(kind: BackEndKind, report: Report): Promise<OwnDatabase> {
  const name = `postgres ${POSTGRES_VERSION} (${nameOf[kind]})`;
  return timed(name, report, async () => {
    if (kind === 'processes') return startPostgresProcess(report);
    const { startPostgresContainer } = await import('../containers/postgres-container.js');
    return startPostgresContainer(POSTGRES_VERSION);
  });
}

const nameOf: Record<BackEndKind, string> = { containers: 'container', processes: 'process' };

async function timed<T>(name: string, report: Report, start: () => Promise<T>): Promise<T> {
  const started = performance.now();
  report(`${name} starting…`);
  const server = await start();
  report(`${name} ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return server;
}
