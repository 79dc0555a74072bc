import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { IsHttpUrl, readSecretFile } from '@hutong/config';
import { idPatterns, merchantId, platformId } from '@hutong/domain-events';
import type { Account } from '@hutong/gateway';
import { plainToInstance } from 'class-transformer';
import {
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  validateSync,
} from 'class-validator';
import { authoritiesIn, type Trust } from './unionpay.certificates.signature.js';
import { certIdOf } from './unionpay.signature.js';

/** One merchant at UnionPay. */
export type UnionpayAccount = Account &
  Readonly<{
    /** 15 digits. */
    merId: string;
    privateKey: KeyObject;
    /** The serial of its certificate, in decimal: with it each request says who signed. */
    certId: string;
    /** Who may vouch for UnionPay's certificates. */
    trust: Trust;
    /** Of the till that reads payers' codes; without it none are read. */
    terminalId: string | undefined;
    notifyUrl: string;
  }>;

const FILE = [1, 255] as const;

/** `<account>.json`; paths of files are relative to its folder. */
class AccountWire {
  @Matches(/^[a-z][a-z0-9_]{0,31}$/) account!: string;
  @Matches(idPatterns.platformId) platform!: string;
  @IsOptional() @IsArray() @Matches(idPatterns.merchantId, { each: true }) merchants?: string[];
  @Matches(/^\d{15}$/) merId!: string;
  @IsString() @Length(...FILE) privateKeyFile!: string;
  /** The merchant's own, whose serial names it. */
  @IsString() @Length(...FILE) certificateFile!: string;
  /** While UnionPay changes one, both are in the file. */
  @IsString() @Length(...FILE) middleCertificatesFile!: string;
  @IsString() @Length(...FILE) rootCertificatesFile!: string;
  @IsOptional() @Matches(/^[0-9A-Za-z]{8}$/) terminalId?: string;
  /** Absolute, without a query: UnionPay would sign it along. Https in production. */
  @IsHttpUrl() @Matches(/^[^?#]{1,255}$/) notifyUrl!: string;
  @IsInt() @Min(1) @Max(10_000) requestsPerSecond!: number;
  @IsInt() @Min(1) @Max(1_000) concurrency!: number;
  /** Between two refunds of one order. */
  @IsInt() @Min(0) @Max(86_400) refundGapSeconds: number = 3;
}

/** One account with its keys. @throws Error naming the field that is wrong, never what is in it. */
export function readUnionpayAccount(json: unknown, folder: string): UnionpayAccount {
  const wire = accountFrom(json);
  const read = <T>(field: string, file: string, parse: (pem: string) => T): T =>
    readPem(field, isAbsolute(file) ? file : join(folder, file), parse);
  const privateKey = read('privateKeyFile', wire.privateKeyFile, rsaKey);
  const { middleCertificatesFile, rootCertificatesFile } = wire;
  return {
    account: wire.account,
    platform: platformId(wire.platform),
    merchants: (wire.merchants ?? []).map(merchantId),
    merId: wire.merId,
    privateKey,
    certId: read('certificateFile', wire.certificateFile, (pem) => certIdFor(pem, privateKey)),
    trust: {
      middles: read('middleCertificatesFile', middleCertificatesFile, authoritiesIn),
      roots: read('rootCertificatesFile', rootCertificatesFile, authoritiesIn),
    },
    terminalId: wire.terminalId,
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
  throw new Error(`bad ${errors.map(({ property }) => property).join(', ')}`);
}

/**
 * What lies beside an account. Read at start and at each change, so that a bad key is found before it is
 * needed. OpenSSL's own words are never passed on: they may quote the file.
 */
function readPem<T>(field: string, file: string, parse: (pem: string) => T): T {
  try {
    return parse(readSecretFile(file).reveal());
  } catch {
    throw new Error(`${field} has nothing of use in PEM`);
  }
}

function rsaKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('no RSA key');
  return key;
}

/** Of the certificate that is of this key: under another's name everything would be refused. */
function certIdFor(pem: string, privateKey: KeyObject): string {
  const certificate = new X509Certificate(pem);
  if (!certificate.checkPrivateKey(privateKey)) throw new Error('of another key');
  return certIdOf(certificate.serialNumber);
}
