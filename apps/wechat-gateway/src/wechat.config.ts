import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import {
  IsHttpUrl,
  IsReadableDirectory,
  IsWholeNumber,
  parseEnv,
  readSecretFile,
  serviceConfig,
  ServiceEnv,
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
  ValidateIf,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import type { WechatPresentation } from './wechat.mapping.js';
import type { KeyRing } from './wechat.signature.js';

/** Where WeChat is, and how long it may take. */
export type WechatApi = Readonly<{ baseUrl: URL; timeoutMs: number }>;

export type WechatConfig = ServiceConfig &
  Readonly<{
    api: WechatApi;
    accountsDir: string;
    /** Private keys to open sealed fields with; without them no method that needs any can be paid. */
    sealingKeysDir?: string | undefined;
  }>;

/** One merchant at WeChat. */
export type WechatAccount = Account &
  Readonly<{
    mchid: string;
    appid: string;
    certificateSerial: string;
    privateKey: KeyObject;
    /** 32 characters. */
    apiV3Key: Secret;
    /** Where an app or a mini program is registered under another one than `appid`. */
    appids: Readonly<Partial<Record<WechatPresentation, string>>> | undefined;
    /** The public key to be answered with; without it a platform certificate answers. */
    answerSerial: string | undefined;
    /** Keys that WeChat may sign with and that lie in files. */
    keys: KeyRing;
    /** Whether WeChat has certificates for this merchant beside them. */
    downloadsCertificates: boolean;
    notifyUrl: string;
  }>;

class WechatEnv extends ServiceEnv {
  @IsHttpUrl() WECHAT_BASE_URL!: string;
  /** A file per account, its keys beside it. */
  @IsReadableDirectory() WECHAT_ACCOUNTS_DIR!: string;
  /** `<number>.pem` each: private keys for what is sealed to this gateway. */
  @IsOptional() @IsReadableDirectory() WECHAT_SEALING_KEYS_DIR?: string;
  /** For one call. Whoever died in one keeps its attempt for about twice as long. */
  @IsWholeNumber(100, 30_000) WECHAT_TIMEOUT_MS: number = 5_000;
}

const PORT = 3_011;
const APPID = /^[0-9A-Za-z]{1,32}$/;

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

/**
 * `public_key`: WeChat's public key, fetched by hand, which does not expire. `certificates`: platform
 * certificates, downloaded. `both`: while a merchant moves from one to the other, notifications are
 * signed by either; answers by the public key. Certificates may also lie in files.
 */
class PlatformKeysWire {
  @IsIn(['public_key', 'certificates', 'both']) mode!: 'public_key' | 'certificates' | 'both';
  @ValidateIf(hasPublicKey) @Matches(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/) publicKeyId?: string;
  @ValidateIf(hasPublicKey) @IsString() @Length(1, 255) publicKeyFile?: string;
  @IsOptional() @IsArray() @Length(1, 255, { each: true }) certificateFiles?: string[];
}

function hasPublicKey({ mode, publicKeyId, publicKeyFile }: PlatformKeysWire): boolean {
  return mode !== 'certificates' || publicKeyId !== undefined || publicKeyFile !== undefined;
}

/** App ids by presentation, where they differ. */
class AppidsWire {
  @IsOptional() @Matches(APPID) qr?: string;
  @IsOptional() @Matches(APPID) redirect?: string;
  @IsOptional() @Matches(APPID) app?: string;
  @IsOptional() @Matches(APPID) mini_program?: string;
}

/** `<account>.json`; paths of files are relative to its folder. */
class AccountWire {
  @Matches(/^[a-z][a-z0-9_]{0,31}$/) account!: string;
  @Matches(idPatterns.platformId) platform!: string;
  @IsOptional() @IsArray() @Matches(idPatterns.merchantId, { each: true }) merchants?: string[];
  @Matches(/^\d{8,32}$/) mchid!: string;
  @Matches(APPID) appid!: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AppidsWire) appids?: AppidsWire;
  @Matches(/^[0-9A-F]{40}$/) certificateSerial!: string;
  @IsString() @Length(1, 255) privateKeyFile!: string;
  @IsString() @Length(1, 255) apiV3KeyFile!: string;
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PlatformKeysWire)
  platformKeys!: PlatformKeysWire;
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
  const { mode, publicKeyId, publicKeyFile, certificateFiles = [] } = wire.platformKeys;
  const isAnsweredByKey = publicKeyId !== undefined && publicKeyFile !== undefined;
  const apiV3Key = secretIn('apiV3KeyFile', path(wire.apiV3KeyFile));
  if (Buffer.byteLength(apiV3Key.reveal()) !== 32) throw new Error('apiV3KeyFile is not 32 bytes');
  const publicKeys = isAnsweredByKey
    ? [[publicKeyId, publicKeyFrom(path(publicKeyFile))] as const]
    : [];
  return {
    account: wire.account,
    platform: platformId(wire.platform),
    merchants: (wire.merchants ?? []).map(merchantId),
    mchid: wire.mchid,
    appid: wire.appid,
    certificateSerial: wire.certificateSerial,
    privateKey: keyFrom('privateKeyFile', path(wire.privateKeyFile), createPrivateKey),
    apiV3Key,
    appids: wire.appids && { ...wire.appids },
    answerSerial: publicKeyId,
    downloadsCertificates: mode !== 'public_key',
    keys: new Map([...publicKeys, ...certificateFiles.map((file) => certificateFrom(path(file)))]),
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

/** As ours are called: a name that is none of them may be a value that went astray. */
const FIELD = /^[A-Za-z_]{1,24}\d{0,2}[A-Za-z]{0,8}$/;

const fieldsOf = ({ property, children = [] }: ValidationError): string[] =>
  children.length === 0
    ? [FIELD.test(property) ? property : 'a field that there is not']
    : children.flatMap((child) => fieldsOf(child).map((field) => `${property}.${field}`));

/** What a file holds. Which one is not repeated: where its name is asked for, some write the key itself. */
function secretIn(field: string, path: string): Secret {
  try {
    return readSecretFile(path);
  } catch {
    throw new Error(`${field} names no file that can be read and holds anything`);
  }
}

/** Loaded at start and at each change, so that a bad key is found before it is needed. */
function keyFrom(field: string, path: string, read: (pem: string) => KeyObject): KeyObject {
  const pem = secretIn(field, path).reveal();
  let key: KeyObject | undefined;
  try {
    key = read(pem);
  } catch {
    key = undefined; // without OpenSSL's words: they may quote the file
  }
  if (key?.asymmetricKeyType !== 'rsa') throw new Error(`${field} is no RSA key in PEM`);
  return key;
}

const publicKeyFrom = (path: string): KeyObject =>
  keyFrom('platformKeys.publicKeyFile', path, createPublicKey);

/** The serial by which `Wechatpay-Serial` names it, upper-case hex, and its key. */
function certificateFrom(path: string): readonly [serial: string, key: KeyObject] {
  const pem = secretIn('platformKeys.certificateFiles', path).reveal();
  try {
    const { serialNumber, publicKey } = new X509Certificate(pem);
    return [serialNumber, publicKey];
  } catch {
    throw new Error('platformKeys.certificateFiles: no certificate in PEM');
  }
}
