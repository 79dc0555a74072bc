import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Jvm, OwnBroker, Report } from '../back-end/servers.js';
import { brokerAnswers, coordinatorAnswers } from '../back-end/kafka-wire.js';
import { freePorts } from '../free-ports.js';
import { kafkaJars } from './kafka-jars.js';
import { metaProperties, serverProperties, type KafkaLayout } from './kafka-properties.js';
import { ownFolder } from './leftovers.js';
import { ServerEnded, ServerProcess } from './server-process.js';

const logging = fileURLToPath(new URL('../../kafka/log4j2.properties', import.meta.url));

/** What Java is told. */
export const JVM: Record<Jvm, readonly string[]> = {
  quick: [
    '-Xms64m',
    '-Xmx384m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Xss512k',
    '-XX:+ExitOnOutOfMemoryError',
  ],
  usual: ['-Xms512m', '-Xmx512m', '-XX:+ExitOnOutOfMemoryError'],
};

const TRIES = 3;
const HOST = '127.0.0.1';

/**
 * A real Kafka of one node as a process. @throws Error with the end of its log if it does not start.
 * @param advertised `host:port` at which clients are told to find it; its own if nothing is said.
 */
export async function startKafkaProcess(
  report: Report,
  jvm: Jvm,
  advertised?: string,
): Promise<OwnBroker> {
  const jars = await kafkaJars(report);
  return onPortsOfItsOwn(report, () => startOnFreePorts(jars, jvm, advertised));
}

/** Starts a server, and again on other ports where somebody else took one meanwhile. */
export async function onPortsOfItsOwn<Server>(
  report: Report,
  start: () => Promise<Server>,
): Promise<Server> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await start();
    } catch (cause) {
      // Between finding a port free and taking it, somebody else took it.
      if (left === 0 || !(cause instanceof ServerEnded) || !/in use/i.test(cause.message))
        throw cause;
      report('kafka: a port was taken meanwhile, trying others');
    }
  }
}

async function startOnFreePorts(
  jars: string,
  jvm: Jvm,
  advertised: string | undefined,
): Promise<OwnBroker> {
  const [brokerPort = 0, controllerPort = 0] = await freePorts(2);
  const folder = await ownFolder('kafka');
  const layout: KafkaLayout = {
    dataFolder: join(folder, 'data'),
    brokerPort,
    advertised: advertised ?? `${HOST}:${brokerPort}`,
    controllerPort,
    clusterId: randomBytes(16).toString('base64url'),
    directoryId: randomBytes(16).toString('base64url'),
  };
  const properties = join(folder, 'server.properties');
  await mkdir(layout.dataFolder);
  await writeFile(join(layout.dataFolder, 'meta.properties'), metaProperties(layout));
  await writeFile(properties, serverProperties(layout));
  const server = await runKafka({
    jars,
    jvm,
    folder,
    properties,
    answers: async () =>
      (await brokerAnswers(HOST, brokerPort)) && (await coordinatorAnswers(HOST, brokerPort)),
  });
  return Object.assign(server, { brokers: [`${HOST}:${brokerPort}`] });
}

/** Runs Kafka on a formatted folder with a file of properties; resolves when it answers. */
export function runKafka({
  jars,
  jvm = 'quick',
  folder,
  properties,
  answers,
}: Readonly<{
  jars: string;
  jvm?: Jvm;
  folder: string;
  properties: string;
  answers: () => Promise<boolean>;
}>): Promise<ServerProcess> {
  const settings = [`-Dlog4j2.configurationFile=${logging}`, '-Dlog4j2.disableJmx=true'];
  return ServerProcess.start({
    name: 'kafka',
    folder,
    command: 'java',
    args: [...JVM[jvm], ...settings, '-cp', join(jars, '*'), 'kafka.Kafka', properties],
    stopSignal: 'SIGTERM',
    reapSignal: 'TERM',
    answers,
  });
}
