import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret, type BrokerConfig } from '@hutong/config';
import { brokerAnswers } from '../back-end/kafka-wire.js';
import { findBackEnds } from '../back-end/find-back-ends.js';
import { missingForKafkaProcess } from '../back-end/choose-back-end.js';
import type { OwnBroker } from '../back-end/servers.js';
import { freePorts } from '../free-ports.js';
import { ADMIN, guardedProperties, type GuardedLayout } from './guarded-properties.js';
import { kafkaJars } from './kafka-jars.js';
import { JVM, onPortsOfItsOwn, runKafka } from './kafka-process.js';
import { ownFolder } from './leftovers.js';
import { ownCertificate } from './own-authority.js';

/** A broker whose users log in, and may do nothing that they were given no right to. */
export interface GuardedBroker extends OwnBroker {
  /** `host:port` each, of the listener with TLS; `brokers` are those without. */
  readonly encrypted: readonly string[];
  /** Who vouches for its certificate, in PEM. */
  readonly authority: string;
  /** Of `ADMIN`, who may do everything, and of each user. @throws Error of a user that it has not. */
  passwordOf(user: string): string;
  /** How a process comes to it as this user, without TLS. */
  as(user: string): BrokerConfig;
  /** The same, with TLS. */
  encryptedAs(user: string): BrokerConfig;
}

const HOST = '127.0.0.1';
const FORMATTED_WITHIN_MS = 60_000;

/** What it needs that is not here; it is a process where other brokers would be containers, too. */
export async function missingForGuardedBroker(): Promise<string | undefined> {
  const missing = missingForKafkaProcess(await findBackEnds());
  if (!(await hasOpenssl())) missing.push('no openssl in the path');
  return missing.length === 0 ? undefined : `a broker that knows its users: ${missing.join('; ')}`;
}

/** @param users that it has from the beginning on. @throws Error with the end of its log. */
export async function startGuardedBroker(users: readonly string[]): Promise<GuardedBroker> {
  const jars = await kafkaJars(() => undefined);
  return onPortsOfItsOwn(
    () => undefined,
    () => startOnFreePorts(jars, users),
  );
}

async function startOnFreePorts(jars: string, users: readonly string[]): Promise<GuardedBroker> {
  const [brokerPort = 0, encryptedPort = 0, controllerPort = 0] = await freePorts(3);
  const folder = await ownFolder('kafka');
  const { keyStore, authority } = await ownCertificate(folder);
  const passwords = new Map([ADMIN, ...users].map((user) => [user, aPassword()]));
  const passwordOf = (user: string): string => {
    const password = passwords.get(user);
    if (password === undefined) throw new Error(`the broker has no user ${user}`);
    return password;
  };
  const layout: GuardedLayout = {
    dataFolder: join(folder, 'data'),
    brokerPort,
    encryptedPort,
    controllerPort,
    advertised: `${HOST}:${brokerPort}`,
    clusterId: randomBytes(16).toString('base64url'),
    directoryId: randomBytes(16).toString('base64url'),
    keyStore,
    admin: passwordOf(ADMIN),
    controller: aPassword(),
  };
  const properties = join(folder, 'server.properties');
  await mkdir(layout.dataFolder);
  await writeFile(properties, guardedProperties(layout), { mode: 0o600 });
  await format(jars, { properties, clusterId: layout.clusterId, passwords });
  const server = await runKafka({
    jars,
    folder,
    properties,
    answers: () => brokerAnswers(HOST, brokerPort),
  });
  const [brokers, encrypted] = [[`${HOST}:${brokerPort}`], [`${HOST}:${encryptedPort}`]];
  const login = (username: string) => ({
    username,
    password: () => Secret.of(passwordOf(username)),
  });
  return Object.assign(server, {
    brokers,
    encrypted,
    authority,
    passwordOf,
    as: (user: string) => ({ brokers, login: login(user) }),
    encryptedAs: (user: string) => ({
      brokers: encrypted,
      login: login(user),
      tls: { authorities: () => authority },
    }),
  });
}

/** Kafka's own tool: users of SCRAM that are there before the first start are known to it alone. */
async function format(
  jars: string,
  o: Readonly<{ properties: string; clusterId: string; passwords: ReadonlyMap<string, string> }>,
): Promise<void> {
  const users = [...o.passwords].flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${name},password=${password}]`,
  ]);
  const tool = ['-cp', join(jars, '*'), 'kafka.tools.StorageTool', 'format'];
  const cluster = `--cluster-id=${o.clusterId}`; // in one, since an id may begin like an option
  await promisify(execFile)(
    'java',
    [...JVM.quick, ...tool, cluster, '-c', o.properties, ...users],
    { timeout: FORMATTED_WITHIN_MS },
  );
}

/** Without a character that a list of Kafka's settings would take for its own. */
const aPassword = (): string => randomBytes(24).toString('hex');

const hasOpenssl = (): Promise<boolean> =>
  promisify(execFile)('openssl', ['version'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
