import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kafkaJarsAreThere } from '../processes/kafka-jars.js';
import { postgresFolder } from '../processes/postgres-binaries.js';
import {
  chooseBackEnd,
  missingForContainers,
  missingForProcesses,
  type Found,
} from './choose-back-end.js';
import { dockerVersion } from './docker-version.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Looks at what this machine has. Starts nothing, takes a second at most. */
export async function findBackEnds(env: Environment = process.env): Promise<Found> {
  const [docker, java, maven] = await Promise.all([
    dockerVersion(env),
    firstMatch('java', ['-version'], /version "(?:1\.)?(\d+)/),
    firstMatch('mvn', ['--version'], /Apache Maven ([\w.-]+)/),
  ]);
  return {
    asked: env['HUTONG_BACKEND'],
    running: {
      brokers: env['HUTONG_TEST_KAFKA_BROKERS'],
      databaseUrl: env['HUTONG_TEST_DATABASE_URL'],
    },
    docker,
    java: java === undefined ? undefined : Number(java),
    maven,
    kafkaJars: kafkaJarsAreThere(),
    postgres: postgresFolder() !== undefined,
  };
}

/** For people: one line per back end, whether it can be used and what it lacks; last, the choice. */
export function describeBackEnds(found: Found): string[] {
  const { brokers, databaseUrl } = found.running;
  const choice = chooseBackEnd(found);
  const line = (name: string, missing: readonly string[], there: string) =>
    `${name.padEnd(16)} ${missing.length === 0 ? there : missing.join('; ')}`;
  return [
    line(
      'already running',
      brokers !== undefined && databaseUrl !== undefined ? [] : ['not given'],
      'HUTONG_TEST_KAFKA_BROKERS and HUTONG_TEST_DATABASE_URL are set',
    ),
    line('containers', missingForContainers(found), `Docker ${found.docker}`),
    line('processes', missingForProcesses(found), `Java ${found.java}, ${jarsFrom(found)}`),
    `${'used'.padEnd(16)} ${choice.kind === 'refused' ? `none: ${choice.why}` : choice.kind}`,
  ];
}

const jarsFrom = (found: Found): string =>
  found.kafkaJars ? "Kafka's jars are cached" : `Kafka's jars come by Maven ${found.maven}`;

async function firstMatch(command: string, args: string[], pattern: RegExp) {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { timeout: 10_000 });
    return pattern.exec(stdout + stderr)?.[1];
  } catch {
    return undefined;
  }
}
