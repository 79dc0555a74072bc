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

/** Where UnionPay is and how long it may take; and where payers' browsers find us. */
export type UnionpayApi = Readonly<{
  /** `https://gateway.95516.com`, without a path. */
  baseUrl: URL;
  /**
   * The same for payers' browsers: another name only where the two are in networks of their own.
   */
  cashierUrl: URL;
  /** Ends in a slash. */
  publicUrl: URL;
  /** What an app is told: `01` of orders of UnionPay's test systems. */
  appMode: '00' | '01';
  /** So long after it was prepared a browser's form is still taken: its time is fixed. */
  pageLifeMs: number;
  timeoutMs: number;
}>;

export type UnionpayConfig = ServiceConfig &
  Readonly<{
    api: UnionpayApi;
    accountsDir: string;
    /** Private keys to open sealed fields with; without them no code shown in store can be taken. */
    sealingKeysDir?: string | undefined;
  }>;

class UnionpayEnv extends ServiceEnv {
  /** `https://gateway.95516.com`, or the sandbox. */
  @IsHttpUrl() UNIONPAY_BASE_URL!: string;
  /** Where payers' browsers find it, if not there: for a sandbox in a network of its own. */
  @IsOptional() @IsHttpUrl() UNIONPAY_CASHIER?: string;
  /** Where payers' browsers reach this gateway: its page, and the way back. */
  @IsHttpUrl() PUBLIC_URL!: string;
  /** A file per account, its keys and certificates beside it. */
  @IsReadableDirectory() UNIONPAY_ACCOUNTS_DIR!: string;
  /**
   * `<number>.pem` each: private keys for what is sealed to this gateway. Not set: no code shown
   * in a store can be taken.
   */
  @IsOptional() @IsReadableDirectory() UNIONPAY_SEALING_KEYS_DIR?: string;
  /**
   * Milliseconds: how far from now UnionPay takes the time in a browser's form. No page is shown
   * longer.
   */
  @IsWholeNumber(60_000, 86_400_000) UNIONPAY_PAGE_LIFE_MS: number = 3_600_000;
  /**
   * Milliseconds for one call of the provider. A worker that died in one keeps its attempt for
   * about two more.
   */
  @IsWholeNumber(100, 30_000) UNIONPAY_TIMEOUT_MS: number = 5_000;
}

const PORT = 3_013;
const TEST_HOST = 'gateway.test.95516.com';

/** @throws Error naming every bad variable at once, and never a value. */
export function readUnionpayConfig(env: NodeJS.ProcessEnv): UnionpayConfig {
  const e = parseEnv(UnionpayEnv, env);
  const baseUrl = new URL(e.UNIONPAY_BASE_URL);
  return {
    ...serviceConfig(e, { port: PORT }),
    api: {
      baseUrl,
      cashierUrl: new URL(e.UNIONPAY_CASHIER ?? baseUrl),
      publicUrl: new URL(e.PUBLIC_URL.replace(/\/*$/, '/')),
      appMode: baseUrl.hostname === TEST_HOST ? '01' : '00',
      pageLifeMs: e.UNIONPAY_PAGE_LIFE_MS,
      timeoutMs: e.UNIONPAY_TIMEOUT_MS,
    },
    accountsDir: e.UNIONPAY_ACCOUNTS_DIR,
    sealingKeysDir: e.UNIONPAY_SEALING_KEYS_DIR,
  };
}
