import {
  databaseConfig,
  IsDatabaseUrl,
  IsReadableDirectory,
  IsReadableFile,
  IsWholeNumber,
  parseEnv,
  serviceConfig,
  ServiceEnv,
  type DatabaseConfig,
  type ServiceConfig,
} from '@hutong/config';

export type RoutingConfig = ServiceConfig &
  Readonly<{
    /** A policy file per platform. */
    policiesDir: string;
    /** Who may read decisions. */
    tokensFile: string;
  }>;

class RoutingEnv extends ServiceEnv {
  @IsReadableDirectory() POLICIES_DIR!: string;
  @IsReadableFile() TOKENS_FILE!: string;
}

/** What `migrate` needs: a database and nothing else. */
class StoreEnv {
  @IsDatabaseUrl() DATABASE_URL!: string;
  @IsReadableFile() DATABASE_PASSWORD_FILE!: string;
  @IsWholeNumber(2, 200) DATABASE_POOL_SIZE: number = 2;
}

const PORT = 3_001;

/** @throws Error naming every bad variable at once, and never a value. */
export function readRoutingConfig(env: NodeJS.ProcessEnv): RoutingConfig {
  const e = parseEnv(RoutingEnv, env);
  return {
    ...serviceConfig(e, { port: PORT }),
    policiesDir: e.POLICIES_DIR,
    tokensFile: e.TOKENS_FILE,
  };
}

/** @throws Error as `readRoutingConfig` does. */
export const readStoreConfig = (env: NodeJS.ProcessEnv): DatabaseConfig =>
  databaseConfig(parseEnv(StoreEnv, env));
