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

/** Where WeChat is, and how long it may take. */
export type WechatApi = Readonly<{ baseUrl: URL; timeoutMs: number }>;

export type WechatConfig = ServiceConfig &
  Readonly<{
    api: WechatApi;
    accountsDir: string;
    /** Private keys to open sealed fields with; without them no method that needs any can be paid. */
    sealingKeysDir?: string | undefined;
  }>;

class WechatEnv extends ServiceEnv {
  /** `https://api.mch.weixin.qq.com`, or the sandbox. */
  @IsHttpUrl() WECHAT_BASE_URL!: string;
  /** A file per account, its keys beside it. */
  @IsReadableDirectory() WECHAT_ACCOUNTS_DIR!: string;
  /**
   * `<number>.pem` each: private keys for what is sealed to this gateway. Not set: no mini program
   * or browser can be paid with.
   */
  @IsOptional() @IsReadableDirectory() WECHAT_SEALING_KEYS_DIR?: string;
  /**
   * Milliseconds for one call of the provider. A worker that died in one keeps its attempt for
   * about two more.
   */
  @IsWholeNumber(100, 30_000) WECHAT_TIMEOUT_MS: number = 5_000;
}

const PORT = 3_011;

/** @throws Error naming every bad variable at once, and never a value. */
export function readWechatConfig(env: NodeJS.ProcessEnv): WechatConfig {
  const e = parseEnv(WechatEnv, env);
  return {
    ...serviceConfig(e, { port: PORT }),
    api: { baseUrl: new URL(e.WECHAT_BASE_URL), timeoutMs: e.WECHAT_TIMEOUT_MS },
    accountsDir: e.WECHAT_ACCOUNTS_DIR,
    sealingKeysDir: e.WECHAT_SEALING_KEYS_DIR,
  };
}
