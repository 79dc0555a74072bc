import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { IsHttpUrl, readSecretFile, type Secret } from '@hutong/config';
import { idPatterns, merchantId, platformId } from '@hutong/domain-events';
import type { Account } from '@hutong/gateway';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMinSize,
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
import { certificateSn, rootCertificatesSn, type KeyRing } from './alipay.signature.js';

/** One app of one merchant at Alipay. */
export type AlipayAccount = Account &
  Readonly<{
    appId: string;
    /** The merchant's own number (PID), to whom the money goes. */
    sellerId: string;
    privateKey: KeyObject;
    /** In certificate mode, what names our certificate and the roots in each request. */
    certificates: Readonly<{ appSn: string; rootsSn: string }> | undefined;
    /** Alipay's keys that answers and notifications may be signed with. */
    keys: KeyRing;
    /** Where the merchant has switched content encryption on: 16 bytes in base64. */
    contentKey: Secret | undefined;
    /** Of a code to scan: which one depends on the age of the contract. */
    qrProductCode: string;
    notifyUrl: string;
  }>;

const FILE = [1, 255] as const;

/**
 * `public_key`: Alipay's public key, copied by hand; while it changes, the old one beside it.
 * `certificates`: our own certificate, the roots, and Alipay's certificates, one or more.
 */
class AlipayKeysWire {
  @IsIn(['public_key', 'certificates']) mode!: 'public_key' | 'certificates';
  @ValidateIf(hasPublicKeys)
  @IsArray()
  @ArrayMinSize(1)
  @Length(...FILE, { each: true })
  publicKeyFiles?: string[];
  @ValidateIf(hasCertificates) @IsString() @Length(...FILE) appCertificateFile?: string;
  @ValidateIf(hasCertificates) @IsString() @Length(...FILE) rootCertificatesFile?: string;
  @ValidateIf(hasCertificates)
  @IsArray()
  @ArrayMinSize(1)
  @Length(...FILE, { each: true })
  certificateFiles?: string[];
}

/** Fields of the other mode are a mistake, and validated as such. */
function hasPublicKeys({ mode, publicKeyFiles }: AlipayKeysWire): boolean {
  return mode === 'public_key' || publicKeyFiles !== undefined;
}

function hasCertificates(wire: AlipayKeysWire): boolean {
  const { mode, appCertificateFile, rootCertificatesFile, certificateFiles } = wire;
  const said = [appCertificateFile, rootCertificatesFile, certificateFiles];
  return mode === 'certificates' || said.some((field) => field !== undefined);
}

/** `<account>.json`; paths of files are relative to its folder. */
class AccountWire {
  @Matches(/^[a-z][a-z0-9_]{0,31}$/) account!: string;
  @Matches(idPatterns.platformId) platform!: string;
  @IsOptional() @IsArray() @Matches(idPatterns.merchantId, { each: true }) merchants?: string[];
  @Matches(/^\d{16,32}$/) appId!: string;
  @Matches(/^2088\d{12}$/) sellerId!: string;
  @IsString() @Length(...FILE) privateKeyFile!: string;
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AlipayKeysWire)
  alipayKeys!: AlipayKeysWire;
  @IsOptional() @IsString() @Length(...FILE) contentKeyFile?: string;
  @IsOptional() @Matches(/^[A-Z_]{1,64}$/) qrProductCode?: string;
  /** Absolute, without a query: what was signed has none. Https in production. */
  @IsHttpUrl() @Matches(/^[^?#]{1,255}$/) notifyUrl!: string;
  @IsInt() @Min(1) @Max(10_000) requestsPerSecond!: number;
  @IsInt() @Min(1) @Max(1_000) concurrency!: number;
  /** Between two refunds of one order: Alipay asks for three seconds. */
  @IsInt() @Min(0) @Max(86_400) refundGapSeconds: number = 3;
}

/** One account with its keys. @throws Error naming the field that is wrong, never what is in it. */
export function readAlipayAccount(json: unknown, folder: string): AlipayAccount {
  const wire = accountFrom(json);
  const files = new AccountFiles(folder);
  return {
    account: wire.account,
    platform: platformId(wire.platform),
    merchants: (wire.merchants ?? []).map(merchantId),
    appId: wire.appId,
    sellerId: wire.sellerId,
    privateKey: files.key('privateKeyFile', wire.privateKeyFile, createPrivateKey),
    ...alipayKeysOf(wire.alipayKeys, files),
    contentKey:
      wire.contentKeyFile === undefined ? undefined : files.contentKey(wire.contentKeyFile),
    qrProductCode: wire.qrProductCode ?? 'QR_CODE_OFFLINE',
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

function alipayKeysOf(
  wire: AlipayKeysWire,
  files: AccountFiles,
): Pick<AlipayAccount, 'keys' | 'certificates'> {
  const { publicKeyFiles = [], appCertificateFile, rootCertificatesFile, certificateFiles } = wire;
  if (wire.mode === 'public_key') {
    const keys = publicKeyFiles.map((file) => {
      return [file, files.key('alipayKeys.publicKeyFiles', file, createPublicKey)] as const;
    });
    return { keys: new Map(keys), certificates: undefined };
  }
  const keys = (certificateFiles ?? []).map((file) => files.certificate(file));
  const appSn = files.sn('alipayKeys.appCertificateFile', appCertificateFile, certificateSn);
  const rootsSn = files.sn(
    'alipayKeys.rootCertificatesFile',
    rootCertificatesFile,
    rootCertificatesSn,
  );
  return { keys: new Map(keys), certificates: { appSn, rootsSn } };
}

/**
 * What lies beside an account. Read at start and at each change, so that a bad key is found before it is
 * needed. OpenSSL's own words are never passed on: they may quote the file.
 */
class AccountFiles {
  constructor(private readonly folder: string) {}

  key(field: string, file: string, read: (pem: string) => KeyObject): KeyObject {
    const key = orUndefined(() => read(this.secret(file).reveal()));
    if (key?.asymmetricKeyType !== 'rsa') throw new Error(`${field} is no RSA key in PEM`);
    return key;
  }

  certificate(file: string): readonly [sn: string, key: KeyObject] {
    const pem = this.secret(file).reveal();
    const read = orUndefined(
      () => [certificateSn(pem), new X509Certificate(pem).publicKey] as const,
    );
    if (read?.[1].asymmetricKeyType !== 'rsa') {
      throw new Error('alipayKeys.certificateFiles: no RSA certificate in PEM');
    }
    return read;
  }

  sn(field: string, file: string | undefined, read: (pem: string) => string): string {
    const sn = orUndefined(() => read(this.secret(file ?? '').reveal()));
    if (sn === undefined) throw new Error(`${field} has no certificate of use in PEM`);
    return sn;
  }

  contentKey(file: string): Secret {
    const secret = this.secret(file);
    if (!/^[A-Za-z0-9+/]{22}==$/.test(secret.reveal())) {
      throw new Error('contentKeyFile is not 16 bytes in base64');
    }
    return secret;
  }

  private secret(file: string): Secret {
    return readSecretFile(isAbsolute(file) ? file : join(this.folder, file));
  }
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
