import 'reflect-metadata';
import { IsPort, LOG_LEVELS, parseEnv, type LogLevel } from '@hutong/config';
import { IsIn, IsOptional, IsString, IsUrl } from 'class-validator';
import type { PlayedName } from './played-providers.module.js';

class SandboxEnv {
  /** What it listens on. Anything but loopback needs `EXPOSE`. */
  @IsString() HOST: string = '127.0.0.1';
  /** Control API and payer page. */
  @IsPort() PORT: number = 3100;
  /** WeChat Pay's API. */
  @IsPort() WECHAT_PORT: number = 3101;
  /** Alipay's API. */
  @IsPort() ALIPAY_PORT: number = 3102;
  /** UnionPay's API. */
  @IsPort() UNIONPAY_PORT: number = 3103;
  /** Leads clients that fix their provider's host name here; this machine only. */
  @IsPort() PROXY_PORT: number = 3110;
  /** Health and metrics. */
  @IsPort() MANAGEMENT_PORT: number = 9100;
  /**
   * Where payers reach the pages, if that is not where they are served: an h5_url begins with it.
   */
  @IsOptional() @IsUrl({ require_tld: false, require_protocol: true }) PAGES_URL?: string;
  /** The least serious lines that are written. */
  @IsIn(LOG_LEVELS) LOG_LEVEL: LogLevel = 'info';
  /**
   * What other machines may use, where `HOST` lets them in: provider and payer pages, or the
   * control API too.
   */
  @IsOptional() @IsIn(['pages', 'all']) EXPOSE?: 'pages' | 'all' | undefined;
}

/** On which port each provider's API is. */
export type ProviderPorts = Readonly<Record<PlayedName, number>>;

export type SandboxConfig = Readonly<{
  host: string;
  /** 0 takes a free port, here and below. */
  port: number;
  ports: ProviderPorts | 'free';
  proxyPort: number;
  managementPort: number;
  pagesUrl: string | undefined;
  logLevel: LogLevel;
  /** Whether machines other than this one may use the control API, private keys included. */
  controlExposed: boolean;
  /** Each has one merchant account at every provider. */
  platforms: readonly string[];
}>;

const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;
const PLATFORMS = ['taobao', 'jd', 'pinduoduo', 'wechat_mini_program', 'corner_shop'];

/** @throws Error naming every bad variable, or HOST if it would open the sandbox by accident. */
export function readSandboxConfig(env: NodeJS.ProcessEnv): SandboxConfig {
  const e = parseEnv(SandboxEnv, env);
  if (!LOOPBACK.test(e.HOST) && e.EXPOSE === undefined) {
    throw new Error(
      'bad configuration: HOST lets other machines in; say EXPOSE=pages (providers and payer page) ' +
        'or EXPOSE=all (the control API and every private key too) if that is meant',
    );
  }
  return {
    host: e.HOST,
    port: e.PORT,
    ports: { wechat: e.WECHAT_PORT, alipay: e.ALIPAY_PORT, unionpay: e.UNIONPAY_PORT },
    proxyPort: e.PROXY_PORT,
    managementPort: e.MANAGEMENT_PORT,
    pagesUrl: e.PAGES_URL?.replace(/\/+$/, ''),
    logLevel: e.LOG_LEVEL,
    controlExposed: e.EXPOSE === 'all',
    platforms: PLATFORMS,
  };
}
