import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { readSecretFile } from '@hutong/config';
import { gatewayService, type Provider } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from 'jose';

/** What a provider alone needs of the payer. Never logged, stored only sealed, gone after submitting. */
export type SealedFields = Readonly<{
  /** Of the payer at the provider, for one app of the merchant. */
  openid?: string | undefined;
  /** Address of the payer's device. */
  clientIp?: string | undefined;
  /** The digits of the code shown in store. */
  code?: string | undefined;
}>;

/** A gateway's public key, as whoever seals to it has it. */
export type SealingKey = Readonly<{ kid: string; publicKey: KeyObject }>;

/** Why a text is not what was sealed to us, as a code for logs. */
export type OpenRefusal = 'foreign_key' | 'unknown_key' | 'not_decryptable' | 'unreadable';

const ALGORITHM = 'ECDH-ES';
const ENCRYPTION = 'A256GCM';
const CURVE = 'prime256v1';

/** Gateway and key number: `wechat-gateway.3`. */
export const sealingKid = (provider: Provider, number: number): string =>
  `${gatewayService[provider]}.${number}`;

/** @param pem of a P-256 key, public or private. @throws Error if it is none; never quotes it. */
export function sealingKeyFrom(provider: Provider, number: number, pem: string): SealingKey {
  const publicKey = keyFrom(pem, createPublicKey);
  return { kid: sealingKid(provider, number), publicKey };
}

/** Compact JWE that only this key's gateway opens. Different each time, also for the same fields. */
export function seal(fields: SealedFields, { kid, publicKey }: SealingKey): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(fields)))
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid })
    .encrypt(publicKey);
}

/**
 * The private keys of one gateway: `<number>.pem` in a folder, read when they are used. A new number is
 * opened as soon as its file is there, an old one no longer once it is gone; nobody restarts.
 */
export class SealingKeys {
  private constructor(
    private readonly provider: Provider,
    private readonly folder: string,
  ) {}

  /** @throws Error naming a file that holds no such key, or the folder that holds none. */
  static async open(provider: Provider, folder: string): Promise<SealingKeys> {
    const numbers = (await readdir(folder)).flatMap((file) => NUMBERED.exec(file)?.[1] ?? []);
    if (numbers.length === 0) throw new Error(`${folder} holds no key to open sealed fields with`);
    for (const number of numbers) {
      const file = join(folder, `${number}.pem`);
      try {
        keyFrom(readSecretFile(file).reveal(), createPrivateKey);
      } catch {
        throw new Error(`${file} is no private P-256 key in PEM`); // the cause may quote the file
      }
    }
    return new SealingKeys(provider, folder);
  }

  /** What was sealed to us. Any other gateway's is refused before a key is looked for. */
  async read(sealed: string): Promise<Result<SealedFields, OpenRefusal>> {
    const [gateway, number] = kidOf(sealed)?.split('.') ?? [];
    if (gateway !== gatewayService[this.provider]) return refuse('foreign_key');
    if (number === undefined || !NUMBERED.test(`${number}.pem`)) return refuse('unknown_key');
    const key = this.keyNumbered(number);
    if (key === undefined) return refuse('unknown_key');
    try {
      const { plaintext } = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: [ALGORITHM],
        contentEncryptionAlgorithms: [ENCRYPTION],
      });
      const fields = fieldsIn(plaintext);
      return fields === undefined ? refuse('unreadable') : ok(fields);
    } catch {
      return refuse('not_decryptable'); // another key's, or not what was sealed
    }
  }

  private keyNumbered(number: string): KeyObject | undefined {
    try {
      return keyFrom(readSecretFile(join(this.folder, `${number}.pem`)).reveal(), createPrivateKey);
    } catch {
      return undefined; // never there, gone, or half-written: the same to what was sealed to it
    }
  }
}

/** One to six digits: a name in an unverified header must not lead out of the folder. */
const NUMBERED = /^(\d{1,6})\.pem$/;

function kidOf(sealed: string): string | undefined {
  try {
    return decodeProtectedHeader(sealed).kid;
  } catch {
    return undefined;
  }
}

/** What each field may look like; any other name is left out. */
const shapes: Readonly<Record<keyof SealedFields, (text: string) => boolean>> = {
  openid: (text) => /^[\w-]{1,128}$/.test(text),
  clientIp: (text) => isIP(text) !== 0,
  code: (text) => /^[0-9A-Za-z]{1,64}$/.test(text),
};

function fieldsIn(plaintext: Uint8Array): SealedFields | undefined {
  const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const known = Object.entries(json).filter(([name]) => Object.hasOwn(shapes, name));
  const good = Object.entries(shapes).every(([name, fits]) => {
    const text: unknown = Object.fromEntries(known)[name];
    return text === undefined || (typeof text === 'string' && fits(text));
  });
  return good ? Object.fromEntries(known) : undefined;
}

function keyFrom(pem: string, read: (pem: string) => KeyObject): KeyObject {
  const key = read(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== CURVE) throw new Error('no P-256 key');
  return key;
}
