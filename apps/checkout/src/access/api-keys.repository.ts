import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { platformId, type PlatformId } from '@hutong/domain-events';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { isKey, KEY_RANDOM_BYTES, keyIdOf, mintApiKey } from './api-key.signature.js';
import { isScope, type Scope } from './scopes.js';

/** Whom a key speaks for, and what it may do. */
export type Caller = Readonly<{ platform: PlatformId; scopes: readonly Scope[] }>;

export type KeySummary = Readonly<{
  keyId: string;
  platform: string;
  name: string;
  scopes: readonly string[];
  createdAt: Date;
  revokedAt: Date | null;
}>;

/** Compared with where there is no key, so that an unknown id takes as long as a wrong secret. */
const NO_KEY = '0'.repeat(64);

/** The keys of platforms. The database has their hashes; a key itself is shown once and kept nowhere. */
export class ApiKeys {
  constructor(
    private readonly db: CheckoutDatabase,
    private readonly clock: Clock,
  ) {}

  async find(presented: string): Promise<Caller | undefined> {
    const keyId = keyIdOf(presented);
    if (keyId === undefined) return undefined;
    const row = await this.db.prisma.apiKey.findUnique({ where: { keyId } });
    const same = isKey(presented, row?.sha256 ?? NO_KEY);
    if (row === null || !same || row.revokedAt !== null) return undefined;
    return { platform: platformId(row.platform), scopes: row.scopes.filter(isScope) };
  }

  /** @returns the key: the only time that anybody sees it. */
  async issue(platform: PlatformId, name: string, scopes: readonly Scope[]): Promise<string> {
    const { key, keyId, sha256 } = mintApiKey(randomBytes(KEY_RANDOM_BYTES));
    const createdAt = this.clock.now();
    await this.db.prisma.apiKey.create({
      data: { keyId, sha256, platform, name, scopes: [...scopes], createdAt },
    });
    return key;
  }

  /** @returns false if there is no such key, or it was revoked before. */
  async revoke(keyId: string): Promise<boolean> {
    const { count } = await this.db.prisma.apiKey.updateMany({
      where: { keyId, revokedAt: null },
      data: { revokedAt: this.clock.now() },
    });
    return count === 1;
  }

  list(): Promise<KeySummary[]> {
    return this.db.prisma.apiKey.findMany({
      omit: { sha256: true },
      orderBy: [{ platform: 'asc' }, { createdAt: 'asc' }],
    });
  }
}
