import {
  IsHttpUrl,
  IsReadableDirectory,
  IsWholeNumber,
  parseEnv,
  serviceConfig,
  ServiceEnv,
  type ServiceConfig,
} from '@hutong/config';
import { IsOptional } from 'class-validator';

/** Where Alipay is, and how long it may take. */
export type AlipayApi = Readonly<{
  /** `https://openapi.alipay.com/gateway.do`. */
  gateway: URL;
  /** The same, as a payer's browser finds it. */
  cashier: URL;
  timeoutMs: number;
}>;

export type AlipayConfig = ServiceConfig &
  Readonly<{
    api: AlipayApi;
    accountsDir: string;
    /** Private keys to open sealed fields with; without them no code shown in store can be taken. */
    sealingKeysDir?: string | undefined;
  }>;

class AlipayEnv extends ServiceEnv {
  /** With its path: `https://openapi.alipay.com/gateway.do`, or the sandbox. */
  @IsHttpUrl() ALIPAY_GATEWAY_URL!: string;
  /** Where payers' browsers find it, if not there: for a sandbox in a network of its own. */
  @IsOptional() @IsHttpUrl() ALIPAY_CASHIER?: string;
  /** A file per account, its keys beside it. */
  @IsReadableDirectory() ALIPAY_ACCOUNTS_DIR!: string;
  /**
   * `<number>.pem` each: private keys for what is sealed to this gateway. Not set: no code shown
   * in a store can be taken.
   */
  @IsOptional() @IsReadableDirectory() ALIPAY_SEALING_KEYS_DIR?: string;
  /**
   * Milliseconds for one call of the provider. A worker that died in one keeps its attempt for
   * about two more.
   */
  @IsWholeNumber(100, 30_000) ALIPAY_TIMEOUT_MS: number = 5_000;
}

const PORT = 3_012;

/** @throws Error naming every bad variable at once, and never a value. */
export function readAlipayConfig(env: NodeJS.ProcessEnv): AlipayConfig {
  const e = parseEnv(AlipayEnv, env);
  return {
    ...serviceConfig(e, { port: PORT }),
    api: {
      gateway: new URL(e.ALIPAY_GATEWAY_URL),
      cashier: new URL(e.ALIPAY_CASHIER ?? e.ALIPAY_GATEWAY_URL),
      timeoutMs: e.ALIPAY_TIMEOUT_MS,
    },
    accountsDir: e.ALIPAY_ACCOUNTS_DIR,
    sealingKeysDir: e.ALIPAY_SEALING_KEYS_DIR,
  };
}
