import type { BackEndKind } from './servers.js';

/** What could serve broker and database here, as far as looking tells. */
export type Found = Readonly<{
  /** `HUTONG_BACKEND`, if somebody asked for one. */
  asked?: string | undefined;
  /** Addresses of servers that run already, from `HUTONG_TEST_…`. */
  running: Readonly<{ brokers?: string | undefined; databaseUrl?: string | undefined }>;
  /** Version of the Docker engine that answers. */
  docker?: string | undefined;
  /** Major version of the Java in the path. */
  java?: number | undefined;
  maven?: string | undefined;
  /** Kafka's jars were fetched before: Maven is not needed any more. */
  kafkaJars: boolean;
  /** npm's PostgreSQL has binaries for this machine. */
  postgres: boolean;
}>;

export type Choice =
  | Readonly<{ kind: 'running'; brokers: string; databaseUrl: string }>
  | Readonly<{ kind: BackEndKind }>
  | Readonly<{ kind: 'refused'; why: string }>;

const OLDEST_JAVA = 17;

/** Already running, then containers, then processes; or the one that was asked for, or nothing. */
export function chooseBackEnd(found: Found): Choice {
  const { brokers, databaseUrl } = found.running;
  if (found.asked !== undefined && found.asked !== '') return asAsked(found, found.asked);
  if (brokers !== undefined && databaseUrl !== undefined) {
    return { kind: 'running', brokers, databaseUrl };
  }
  if (brokers !== undefined || databaseUrl !== undefined) {
    const missing =
      brokers === undefined ? 'HUTONG_TEST_KAFKA_BROKERS' : 'HUTONG_TEST_DATABASE_URL';
    return { kind: 'refused', why: `${missing} is missing: give both addresses, or neither` };
  }
  return chooseOwn(found);
}

/** The same for servers that a spec freezes and kills: those that run already are not ours to stop. */
export function chooseOwn(found: Found): Exclude<Choice, { kind: 'running' }> {
  if (found.asked !== undefined && found.asked !== '') return asAsked(found, found.asked);
  if (missingForContainers(found).length === 0) return { kind: 'containers' };
  if (missingForProcesses(found).length === 0) return { kind: 'processes' };
  const why = [...missingForContainers(found), ...missingForProcesses(found)];
  return { kind: 'refused', why: `no back end for broker and database: ${why.join('; ')}` };
}

/**
 * What to try where a back end that looked usable did not start, as an engine does that cannot pull
 * images. Nothing, if it was asked for by name.
 */
export function insteadOf(failed: BackEndKind, found: Found): BackEndKind | undefined {
  if (found.asked !== undefined && found.asked !== '') return undefined;
  const possible = failed === 'containers' && missingForProcesses(found).length === 0;
  return possible ? 'processes' : undefined;
}

function asAsked(found: Found, asked: string): Exclude<Choice, { kind: 'running' }> {
  if (asked !== 'containers' && asked !== 'processes') {
    return { kind: 'refused', why: 'HUTONG_BACKEND is neither "containers" nor "processes"' };
  }
  const missing = asked === 'containers' ? missingForContainers(found) : missingForProcesses(found);
  if (missing.length === 0) return { kind: asked };
  return { kind: 'refused', why: `HUTONG_BACKEND=${asked}: ${missing.join('; ')}` };
}

/** What stands in the way of containers, each with what would help. */
export function missingForContainers(found: Found): string[] {
  return found.docker === undefined
    ? ['no Docker engine answers (start one, or set DOCKER_HOST)']
    : [];
}

/** What stands in the way of processes, each with what would help. */
export function missingForProcesses(found: Found): string[] {
  const missing = missingForKafkaProcess(found);
  if (!found.postgres) {
    missing.push(
      'npm has no PostgreSQL for this machine (run npm ci without --omit=optional, or use Docker)',
    );
  }
  return missing;
}

/** The same for the broker alone. */
export function missingForKafkaProcess(found: Found): string[] {
  const missing: string[] = [];
  if (found.java === undefined) {
    missing.push(`no Java in the path (install ${OLDEST_JAVA} or later)`);
  } else if (found.java < OLDEST_JAVA) {
    missing.push(`Java ${found.java} is too old for Kafka (install ${OLDEST_JAVA} or later)`);
  }
  if (found.maven === undefined && !found.kafkaJars) {
    missing.push("no Maven in the path to fetch Kafka's jars with (install Maven 3)");
  }
  return missing;
}
