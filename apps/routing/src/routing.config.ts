import {
  IsReadableDirectory,
  IsReadableFile,
  parseEnv,
  serviceConfig,
  ServiceEnv,
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
  /** A policy file for each platform. */
  @IsReadableDirectory() POLICIES_DIR!: string;
  /** Operators' tokens by their hashes. */
  @IsReadableFile() TOKENS_FILE!: string;
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
