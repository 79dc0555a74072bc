import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { platformId, type PlatformId } from '@hutong/domain-events';
import type { ApiKey as Row } from '../generated/prisma/client.js';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { isKey, KEY_RANDOM_BYTES, keyIdOf, mintApiKey } from './api-key.signature.js';
import { isScope, type Scope } from './scopes.js';

/** Whom a key speaks for, and what it may do. */
export type Caller = Readonly<{ keyId: string; platform: PlatformId; scopes: readonly Scope[] }>;

/** What a key is for, and whether it opens anything: all that is known of it. */
export type KeySummary = Readonly<{
  keyId: string;
  platform: string;
  name: string;
  scopes: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  isActive: boolean;
}>;

export type NewKey = Readonly<{
  platform: PlatformId;
  /** What its owner calls it. */
  name: string;
  scopes: readonly Scope[];
  /** From when on it opens nothing. Without it: when it is revoked. */
  expiresAt?: Date | undefined;
}>;

type KeyRow = Pick<Row, 'platform' | 'sha256' | 'scopes' | 'expiresAt' | 'revokedAt'>;

/** Compared with where there is no key, so that an unknown id takes as long as a wrong secret. */
const NO_KEY = '0'.repeat(64);

/**
 * The keys of platforms. The database has their hashes; a key itself is shown once and kept nowhere.
 * Every request looks there: what is revoked or has expired opens nothing on any instance from then on.
 */
export class ApiKeys {
  constructor(
    private readonly db: CheckoutDatabase,
    private readonly clock: Clock,
  ) {}

  async find(presented: string): Promise<Caller | undefined> {
    const keyId = keyIdOf(presented);
    if (keyId === undefined) return undefined;
    const row = await this.rowOf(keyId);
    const same = isKey(presented, row?.sha256 ?? NO_KEY);
    if (row === undefined || !same || !this.isActive(row)) return undefined;
    return { keyId, platform: platformId(row.platform), scopes: row.scopes.filter(isScope) };
  }

  /** Whether a key that was let in before still would be: for answers that go on and on. */
  async isStillGood(keyId: string): Promise<boolean> {
    const row = await this.rowOf(keyId);
    return row !== undefined && this.isActive(row);
  }

  private async rowOf(keyId: string): Promise<KeyRow | undefined> {
    const [row] = await this.db.query<KeyRow>(
      `select platform, sha256, scopes, expires_at as "expiresAt", revoked_at as "revokedAt"
         from api_key where key_id = $1`,
      [keyId],
    );
    return row;
  }

  /** @returns the key: the only time that anybody sees it. Undefined if it had expired already. */
  async issue({ platform, name, scopes, expiresAt }: NewKey): Promise<string | undefined> {
    const { key, keyId, sha256 } = mintApiKey(randomBytes(KEY_RANDOM_BYTES));
    const createdAt = this.clock.now();
    if (expiresAt !== undefined && expiresAt <= createdAt) return undefined;
    await this.db.prisma.apiKey.create({
      data: {
        ...{ keyId, sha256, platform, name, createdAt },
        scopes: [...scopes],
        expiresAt: expiresAt ?? null,
      },
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

  /** @param platform whose; of all platforms if left out. */
  async list(platform?: PlatformId): Promise<KeySummary[]> {
    const rows = await this.db.prisma.apiKey.findMany({
      where: { ...(platform !== undefined && { platform }) },
      omit: { sha256: true },
      orderBy: [{ platform: 'asc' }, { createdAt: 'asc' }],
    });
    return rows.map((row) => ({ ...row, isActive: this.isActive(row) }));
  }

  private isActive({ revokedAt, expiresAt }: Pick<KeySummary, 'revokedAt' | 'expiresAt'>): boolean {
    return revokedAt === null && (expiresAt === null || expiresAt > this.clock.now());
  }
}
