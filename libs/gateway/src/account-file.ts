import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { IsHttpUrl, readSecretFile, type Secret } from '@hutong/config';
import { idPatterns, merchantId, platformId } from '@hutong/domain-events';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
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
  type ValidationError,
} from 'class-validator';
import type { Account } from './accounts.js';

/** The length of a file's name: `@IsString() @Length(...FILE_NAME)`. */
export const FILE_NAME = [1, 255] as const;

/**
 * What `<account>.json` says whoever the provider is. Each gateway's own class extends it by what its
 * provider knows the merchant by. Paths of files are relative to its folder.
 */
export class AccountWire {
  @Matches(/^[a-z][a-z0-9_]{0,31}$/) account!: string;
  @Matches(idPatterns.platformId) platform!: string;
  @IsOptional() @IsArray() @Matches(idPatterns.merchantId, { each: true }) merchants?: string[];
  @IsString() @Length(...FILE_NAME) privateKeyFile!: string;
  /** Absolute, without a query: providers refuse one, or sign it along. Https in production. */
  @IsHttpUrl() @Matches(/^[^?#]{1,255}$/) notifyUrl!: string;
  @IsInt() @Min(1) @Max(10_000) requestsPerSecond!: number;
  @IsInt() @Min(1) @Max(1_000) concurrency!: number;
  /** Between two refunds of one order. */
  @IsInt() @Min(0) @Max(86_400) refundGapSeconds: number = 3;
}

/** What an account file says, as its gateway's class has it. @throws Error naming each field that is bad. */
export function parseAccount<W extends AccountWire>(shape: ClassConstructor<W>, json: unknown): W {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error('is not a JSON object');
  }
  const wire = plainToInstance(shape, json);
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

/** What every account has, of what its file says. */
export const accountOf = (wire: AccountWire): Account & Readonly<{ notifyUrl: string }> => ({
  account: wire.account,
  platform: platformId(wire.platform),
  merchants: (wire.merchants ?? []).map(merchantId),
  notifyUrl: wire.notifyUrl,
  requestsPerSecond: wire.requestsPerSecond,
  concurrency: wire.concurrency,
  refundGapMs: wire.refundGapSeconds * 1_000,
});

/**
 * What lies beside an account. Read at start and at each change, so that a bad key is found before it is
 * needed. Complaints name the field alone: where a file's name is asked for, some write the key itself, and
 * OpenSSL's own words may quote what it read.
 */
export class AccountFiles {
  constructor(private readonly folder: string) {}

  /** @throws Error if there is no such file, or nothing in it. */
  secret(field: string, file: string): Secret {
    try {
      return readSecretFile(isAbsolute(file) ? file : join(this.folder, file));
    } catch {
      throw new Error(`${field} names no file that can be read and holds anything`);
    }
  }

  /** @param what it is to hold. @throws Error where there is none, or `parse` throws. */
  pem<T>(field: string, file: string, what: string, parse: (pem: string) => T): T {
    const pem = this.secret(field, file).reveal();
    try {
      return parse(pem);
    } catch {
      throw new Error(`${field} has no ${what} in PEM`);
    }
  }

  /** @throws Error if it is none, or of another kind. */
  rsaKey(field: string, file: string, parse: (pem: string) => KeyObject): KeyObject {
    return this.pem(field, file, 'RSA key', (pem) => {
      const key = parse(pem);
      if (key.asymmetricKeyType !== 'rsa') throw new Error('another kind of key');
      return key;
    });
  }
}
