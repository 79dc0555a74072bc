import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { IsIn, IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { parseEnv } from './parse-env.js';
import { readSecretFile } from './read-secret-file.js';
import { IsHostList, IsReadableFile } from './rules.js';
import type { Secret } from './secret.js';

/** Nothing, or SCRAM-SHA-512: the password itself is never sent, and each side proves that it knows it. */
const SASL = ['none', 'scram_sha512'] as const;
const TLS = ['disable', 'enable'] as const;

/** The variables by which a process finds the broker and is known to it. */
export class BrokerEnv {
  /** Where Kafka is first asked. */
  @IsHostList() KAFKA_BROKERS!: string;
  /** Whether and how it logs in to the broker. */
  @IsIn(SASL) KAFKA_SASL: (typeof SASL)[number] = 'none';
  /** As whom: a service by its own name, a repair as `repairs`. */
  @IsOptional() @IsString() @IsNotEmpty() KAFKA_SASL_USERNAME?: string | undefined;
  /** The password of that user, read at each connection. */
  @IsOptional() @IsReadableFile() KAFKA_SASL_PASSWORD_FILE?: string | undefined;
  /** Whether it speaks TLS with the broker. */
  @IsIn(TLS) KAFKA_TLS: (typeof TLS)[number] = 'disable';
  /** Who vouches for the broker, in PEM. Not set: the authorities that Node knows. */
  @IsOptional() @IsReadableFile() KAFKA_CA_FILE?: string | undefined;
}

/** How to reach the broker, and as whom. What is not there is plain text, and nobody in particular. */
export type BrokerConfig = Readonly<{
  /** `host:port` each. */
  brokers: readonly string[];
  login?: BrokerLogin;
  tls?: BrokerTls;
}>;

/** A user of SCRAM-SHA-512. The password is asked for at every connection, so that it may be rotated. */
export type BrokerLogin = Readonly<{ username: string; password: () => Secret }>;

/** The broker must show a certificate of these authorities (PEM; Node's own if none), read as often. */
export type BrokerTls = Readonly<{ authorities: () => string | undefined }>;

/** @throws Error naming the variables that contradict each other, or the file that holds no password. */
export function brokerConfig(env: BrokerEnv): BrokerConfig {
  const [login, tls] = [loginOf(env), tlsOf(env)];
  return {
    brokers: env.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    ...(login && { login }),
    ...(tls && { tls }),
  };
}

/**
 * For commands that need the broker alone.
 * @throws Error naming every bad variable at once, and never a value.
 */
export const readBrokerConfig = (env: NodeJS.ProcessEnv): BrokerConfig =>
  brokerConfig(parseEnv(BrokerEnv, env));

/** Half a login is refused: whoever meant to have one would go without, and not notice. */
function loginOf({
  KAFKA_SASL,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD_FILE: file,
}: BrokerEnv): BrokerLogin | undefined {
  if (KAFKA_SASL === 'none') {
    if (username === undefined && file === undefined) return undefined;
    throw bad('KAFKA_SASL is none, and there is a username or password');
  }
  if (username === undefined) throw bad('KAFKA_SASL_USERNAME is missing');
  if (file === undefined) throw bad('KAFKA_SASL_PASSWORD_FILE is missing');
  const password = () => readSecretFile(file);
  password();
  return { username, password };
}

function tlsOf({ KAFKA_TLS, KAFKA_CA_FILE: file }: BrokerEnv): BrokerTls | undefined {
  if (KAFKA_TLS === 'enable') {
    return { authorities: () => (file === undefined ? undefined : readFileSync(file, 'utf8')) };
  }
  if (file === undefined) return undefined;
  throw bad('KAFKA_TLS is disable, and there is KAFKA_CA_FILE');
}

const bad = (what: string): Error => new Error(`bad configuration: ${what}`);
