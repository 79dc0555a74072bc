import { brokerConfig, type BrokerConfig } from './broker-config.js';
import { parseEnv } from './parse-env.js';
import { readSecretFile } from './read-secret-file.js';
import type { Secret } from './secret.js';
import { StoreEnv, type LogLevel, type Role, type ServiceEnv } from './service-env.js';

/** How to reach a service's own database. The URL names user, host and database; no password. */
export type DatabaseConfig = Readonly<{ url: URL; password: Secret; poolSize: number }>;

/** What every service knows about itself once its environment has been read. */
export type ServiceConfig = Readonly<{
  role: Role;
  host: string;
  port: number;
  /** Health and metrics, never exposed to platforms or providers. */
  managementPort: number;
  database: DatabaseConfig;
  kafka: BrokerConfig;
  logLevel: LogLevel;
  /** Whether requests may carry a business time. */
  story: boolean;
}>;

/** From a port to its management port, where none is given. */
const MANAGEMENT_OFFSET = 6_000;

/** @throws Error naming the variables if a password file, the management port or the broker's login cannot be used. */
export function serviceConfig(
  env: ServiceEnv,
  defaults: Readonly<{ port: number }>,
): ServiceConfig {
  const port = env.PORT ?? defaults.port;
  const managementPort = env.MANAGEMENT_PORT ?? port + MANAGEMENT_OFFSET;
  if (managementPort > 65_535) {
    throw new Error('bad configuration: MANAGEMENT_PORT is missing and PORT + 6000 is no port');
  }
  return {
    role: env.ROLE,
    host: env.HOST,
    port,
    managementPort,
    database: databaseConfig(env),
    kafka: brokerConfig(env),
    logLevel: env.LOG_LEVEL,
    story: env.STORY === '1',
  };
}

/**
 * For commands that need a service's database alone, like its migrations.
 * @throws Error naming every bad variable at once, and never a value.
 */
export const readStoreConfig = (env: NodeJS.ProcessEnv): DatabaseConfig =>
  databaseConfig(parseEnv(StoreEnv, env));

/** @throws Error naming the file if it holds no password. */
function databaseConfig(
  env: Pick<ServiceEnv, 'DATABASE_URL' | 'DATABASE_PASSWORD_FILE' | 'DATABASE_POOL_SIZE'>,
): DatabaseConfig {
  return {
    url: new URL(env.DATABASE_URL),
    password: readSecretFile(env.DATABASE_PASSWORD_FILE),
    poolSize: env.DATABASE_POOL_SIZE,
  };
}
