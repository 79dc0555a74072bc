import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import {
  databaseConfig,
  IsDatabaseUrl,
  IsHttpUrl,
  IsReadableDirectory,
  IsReadableFile,
  IsWholeNumber,
  parseEnv,
  readSecretFile,
  serviceConfig,
  ServiceEnv,
  type DatabaseConfig,
  type Secret,
  type ServiceConfig,
} from '@hutong/config';
import { idPatterns, merchantId, platformId } from '@hutong/domain-events';
import type { Account } from '@hutong/gateway';
import { plainToInstance, Type } from 'class-transformer';
import {
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import type { KeyRing } from './wechat.signature.js';

/** Where WeChat is, and how long it may take. */
export type WechatApi = Readonly<{ baseUrl: URL; timeoutMs: number }>;

export type WechatConfig = ServiceConfig & Readonly<{ api: WechatApi; accountsDir: string }>;

/** One merchant at WeChat. */
export type WechatAccount = Account &
  Readonly<{
    mchid: string;
    appid: string;
    certificateSerial: string;
    privateKey: KeyObject;
    /** 32 characters. */
    apiV3Key: Secret;
    /** Whose answers we ask for: this serial goes out with each request. */
    answerSerial: string;
    /** All keys that WeChat may sign with. */
    keys: KeyRing;
    notifyUrl: string;
  }>;

class WechatEnv extends ServiceEnv {
  @IsHttpUrl() WECHAT_BASE_URL!: string;
  /** A file per account, its keys beside it. */
  @IsReadableDirectory() WECHAT_ACCOUNTS_DIR!: string;
  /** For one call. Whoever died in one keeps its attempt for about twice as long. */
  @IsWholeNumber(100, 30_000) WECHAT_TIMEOUT_MS: number = 5_000;
}

/** What `migrate` needs: a database and nothing else. */
class StoreEnv {
  @IsDatabaseUrl() DATABASE_URL!: string;
  @IsReadableFile() DATABASE_PASSWORD_FILE!: string;
  @IsWholeNumber(2, 200) DATABASE_POOL_SIZE: number = 2;
}

const PORT = 3_011;

/** @throws Error naming every bad variable at once, and never a value. */
export function readWechatConfig(env: NodeJS.ProcessEnv): WechatConfig {
  const e = parseEnv(WechatEnv, env);
  return {
    ...serviceConfig(e, { port: PORT }),
    api: { baseUrl: new URL(e.WECHAT_BASE_URL), timeoutMs: e.WECHAT_TIMEOUT_MS },
    accountsDir: e.WECHAT_ACCOUNTS_DIR,
  };
}

/** @throws Error as `readWechatConfig` does. */
export const readStoreConfig = (env: NodeJS.ProcessEnv): DatabaseConfig =>
  databaseConfig(parseEnv(StoreEnv, env));

/**
 * WeChat's public key, fetched by hand; it does not expire. While a merchant moves to it, notifications
 * may still be signed by the keys of platform certificates, which then stand beside it.
 */
class PublicKeyWire {
  @IsIn(['public_key']) mode!: 'public_key';
  @Matches(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/) publicKeyId!: string;
  @IsString() @Length(1, 255) publicKeyFile!: string;
  @IsOptional() @IsArray() @Length(1, 255, { each: true }) certificateFiles?: string[];
}

/** `<account>.json`; paths of files are relative to its folder. */
class AccountWire {
  @Matches(/^[a-z][a-z0-9_]{0,31}$/) account!: string;
  @Matches(idPatterns.platformId) platform!: string;
  @IsOptional() @IsArray() @Matches(idPatterns.merchantId, { each: true }) merchants?: string[];
  @Matches(/^\d{8,32}$/) mchid!: string;
  @Matches(/^[0-9A-Za-z]{1,32}$/) appid!: string;
  @Matches(/^[0-9A-F]{40}$/) certificateSerial!: string;
  @IsString() @Length(1, 255) privateKeyFile!: string;
  @IsString() @Length(1, 255) apiV3KeyFile!: string;
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PublicKeyWire)
  platformKeys!: PublicKeyWire;
  /** Absolute, without a query: WeChat refuses others. Https in production. */
  @IsHttpUrl() @Matches(/^[^?#]{1,255}$/) notifyUrl!: string;
  @IsInt() @Min(1) @Max(10_000) requestsPerSecond!: number;
  @IsInt() @Min(1) @Max(1_000) concurrency!: number;
  /** Between two refunds of one order: WeChat asks for a minute. */
  @IsInt() @Min(0) @Max(86_400) refundGapSeconds: number = 60;
}

/** One account with its keys. @throws Error naming the field that is wrong, never what is in it. */
export function readWechatAccount(json: unknown, folder: string): WechatAccount {
  const wire = accountFrom(json);
  const path = (file: string) => (isAbsolute(file) ? file : join(folder, file));
  const { publicKeyId, publicKeyFile, certificateFiles = [] } = wire.platformKeys;
  const apiV3Key = readSecretFile(path(wire.apiV3KeyFile));
  if (Buffer.byteLength(apiV3Key.reveal()) !== 32) throw new Error('apiV3KeyFile is not 32 bytes');
  const publicKey = keyFrom('platformKeys.publicKeyFile', path(publicKeyFile), createPublicKey);
  return {
    account: wire.account,
    platform: platformId(wire.platform),
    merchants: (wire.merchants ?? []).map(merchantId),
    mchid: wire.mchid,
    appid: wire.appid,
    certificateSerial: wire.certificateSerial,
    privateKey: keyFrom('privateKeyFile', path(wire.privateKeyFile), createPrivateKey),
    apiV3Key,
    answerSerial: publicKeyId,
    keys: new Map([
      [publicKeyId, publicKey],
      ...certificateFiles.map((file) => certificateFrom(path(file))),
    ]),
    notifyUrl: wire.notifyUrl,
    requestsPerSecond: wire.requestsPerSecond,
    concurrency: wire.concurrency,
    refundGapMs: wire.refundGapSeconds * 1_000,
  };
}

function accountFrom(json: unknown): AccountWire {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error('is not a JSON object');
  }
  const wire = plainToInstance(AccountWire, json);
  const errors = validateSync(wire, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (errors.length === 0) return wire;
  throw new Error(`bad ${errors.flatMap((error) => fieldsOf(error)).join(', ')}`);
}

const fieldsOf = ({ property, children = [] }: ValidationError): string[] =>
  children.length === 0
    ? [property]
    : children.flatMap((child) => fieldsOf(child).map((field) => `${property}.${field}`));

/** Loaded at start and at each change, so that a bad key is found before it is needed. */
function keyFrom(field: string, path: string, read: (pem: string) => KeyObject): KeyObject {
  const pem = readSecretFile(path).reveal();
  let key: KeyObject | undefined;
  try {
    key = read(pem);
  } catch {
    key = undefined; // without OpenSSL's words: they may quote the file
  }
  if (key?.asymmetricKeyType !== 'rsa') throw new Error(`${field} is no RSA key in PEM`);
  return key;
}

/** The serial by which `Wechatpay-Serial` names it, upper-case hex, and its key. */
function certificateFrom(path: string): readonly [serial: string, key: KeyObject] {
  const pem = readSecretFile(path).reveal();
  try {
    const { serialNumber, publicKey } = new X509Certificate(pem);
    return [serialNumber, publicKey];
  } catch {
    throw new Error('platformKeys.certificateFiles: no certificate in PEM');
  }
}
