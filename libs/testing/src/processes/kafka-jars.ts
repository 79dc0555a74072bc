import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from '../back-end/servers.js';

const pom = fileURLToPath(new URL('../../kafka/pom.xml', import.meta.url));

/** A few seconds where the registry answers; one that hangs must not hang the specs. */
const FETCHED_WITHIN_MS = 300_000;

/** The version in the pom: the one that containers and compose name too. */
export const KAFKA_VERSION = '4.3.1';

/** Where the jars of exactly this pom are or will be; outlives a fresh `npm ci`. */
export function kafkaJarFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(cache, 'hutong', `kafka-${KAFKA_VERSION}-${hash}`);
}

export const kafkaJarsAreThere = (): boolean => existsSync(kafkaJarFolder());

/**
 * The folder with Kafka's jars, fetched by Maven the first time. Complete or not there: several runs
 * at once fetch into folders of their own, and the first one done puts its own into place.
 * @throws Error with what Maven said.
 */
export async function kafkaJars(report: Report): Promise<string> {
  const folder = kafkaJarFolder();
  if (existsSync(folder)) return folder;
  const started = performance.now();
  report('kafka: downloading jars…');
  await mkdir(join(folder, '..'), { recursive: true });
  const fetched = await mkdtemp(`${folder}-`);
  try {
    await copyDependencies(fetched);
    await rename(fetched, folder).catch((cause: unknown) => {
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
  report(`kafka: jars downloaded in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return folder;
}

async function copyDependencies(into: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${into}`];
  try {
    await promisify(execFile)('mvn', ['-q', '-B', '-f', pom, ...goal], {
      timeout: FETCHED_WITHIN_MS,
    });
  } catch (cause) {
    const said = isOutput(cause) ? cause.stdout.trim().split('\n').slice(0, 10).join('\n') : '';
    throw new Error(`Maven did not bring Kafka's jars:\n${said}`, { cause });
  }
}

const isOutput = (fault: unknown): fault is { stdout: string } =>
  typeof fault === 'object' &&
  fault !== null &&
  'stdout' in fault &&
  typeof fault.stdout === 'string';
