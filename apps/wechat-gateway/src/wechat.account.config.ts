import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Secret } from '@hutong/config';
import {
  AccountFiles,
  accountOf,
  AccountWire,
  FILE_NAME,
  parseAccount,
  type Account,
} from '@hutong/gateway';
import { Type } from 'class-transformer';
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
} from 'class-validator';
import type { WechatPresentation } from './wechat.mapping.js';
import type { KeyRing } from './wechat.signature.js';

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

const APPID = /^[0-9A-Za-z]{1,32}$/;

/**
 * `public_key`: WeChat's public key, fetched by hand, which does not expire. `certificates`: platform
 * certificates, downloaded. `both`: while a merchant moves from one to the other, notifications are
 * signed by either; answers by the public key. Certificates may also lie in files.
 */
class PlatformKeysWire {
  @IsIn(['public_key', 'certificates', 'both']) mode!: 'public_key' | 'certificates' | 'both';
  @ValidateIf(hasPublicKey) @Matches(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/) publicKeyId?: string;
  @ValidateIf(hasPublicKey) @IsString() @Length(...FILE_NAME) publicKeyFile?: string;
  @IsOptional() @IsArray() @Length(...FILE_NAME, { each: true }) certificateFiles?: string[];
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

class WechatAccountWire extends AccountWire {
  @Matches(/^\d{8,32}$/) mchid!: string;
  @Matches(APPID) appid!: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AppidsWire) appids?: AppidsWire;
  @Matches(/^[0-9A-F]{40}$/) certificateSerial!: string;
  @IsString() @Length(...FILE_NAME) apiV3KeyFile!: string;
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PlatformKeysWire)
  platformKeys!: PlatformKeysWire;
  /** WeChat asks for a minute. */
  @IsInt() @Min(0) @Max(86_400) override refundGapSeconds: number = 60;
}

/** One account with its keys. @throws Error naming the field that is wrong, never what is in it. */
export function readWechatAccount(json: unknown, folder: string): WechatAccount {
  const wire = parseAccount(WechatAccountWire, json);
  const files = new AccountFiles(folder);
  const { mode, publicKeyId } = wire.platformKeys;
  const apiV3Key = files.secret('apiV3KeyFile', wire.apiV3KeyFile);
  if (Buffer.byteLength(apiV3Key.reveal()) !== 32) throw new Error('apiV3KeyFile is not 32 bytes');
  return {
    ...accountOf(wire),
    mchid: wire.mchid,
    appid: wire.appid,
    certificateSerial: wire.certificateSerial,
    privateKey: files.rsaKey('privateKeyFile', wire.privateKeyFile, createPrivateKey),
    apiV3Key,
    appids: wire.appids && { ...wire.appids },
    answerSerial: publicKeyId,
    downloadsCertificates: mode !== 'public_key',
    keys: keysOf(wire.platformKeys, files),
  };
}

function keysOf(wire: PlatformKeysWire, files: AccountFiles): KeyRing {
  const { publicKeyId, publicKeyFile, certificateFiles = [] } = wire;
  const keys = certificateFiles.map((file) =>
    files.pem('platformKeys.certificateFiles', file, 'certificate', certificateIn),
  );
  if (publicKeyId === undefined || publicKeyFile === undefined) return new Map(keys);
  const publicKey = files.rsaKey('platformKeys.publicKeyFile', publicKeyFile, createPublicKey);
  return new Map([[publicKeyId, publicKey], ...keys]);
}

/** The serial by which `Wechatpay-Serial` names it, upper-case hex, and its key. */
function certificateIn(pem: string): readonly [serial: string, key: KeyObject] {
  const { serialNumber, publicKey } = new X509Certificate(pem);
  return [serialNumber, publicKey];
}
