import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Sql } from '@hutong/database';
import { mintEventId, type PlatformId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { WebhookEndpoint as Row } from '../generated/prisma/client.js';
import type { CheckoutDatabase } from '../store/database.repository.js';
import {
  onceOf,
  type OnceParts,
  type Repeatable,
  type RepeatRefusal,
} from '../store/idempotency.repository.js';
import { endpointMade, type EndpointMade } from '../store/made-rows.repository.js';
import type { EndpointUrlRefusal } from './endpoint-url.js';
import { seal, SEAL_RANDOM_BYTES, unseal, type SealingKeys } from './sealed-secret.signature.js';
import { SECRET_RANDOM_BYTES, secretFrom } from './webhook.signature.js';

export type Endpoint = Readonly<{
  endpointId: string;
  url: string;
  createdAt: Date;
  /** Until when what is sent is signed with the secret before, too. */
  oldSecretUntil: Date | undefined;
  disabledAt: Date | undefined;
}>;
export type EndpointWithSecret = Endpoint & Readonly<{ secret: string }>;

export type UnknownEndpoint = Readonly<{ code: 'endpoint_unknown' }>;
/** No sealing key is configured, so that no secret can be kept. */
export type NotConfigured = Readonly<{ code: 'webhooks_not_configured' }>;
export type RegisterRefusal =
  | NotConfigured
  | EndpointUrlRefusal
  | Readonly<{ code: 'too_many_endpoints' }>
  | Readonly<{ code: 'endpoint_exists'; endpointId: string }>;
export type RevealRefusal = NotConfigured | UnknownEndpoint;
export type RotateRefusal =
  RevealRefusal | Readonly<{ code: 'endpoint_disabled' | 'rotation_in_progress' }>;

/** Every outcome is written once for each of them. */
const MOST_ACTIVE = 8;
/** What is none of ours is not looked for. */
const isEndpointId = (text: string): boolean => /^we_[0-9a-f-]{36}$/.test(text);
const OVERLAP_MS = 24 * 3_600_000;
const once = onceOf(endpointMade);

/** A platform's endpoints, and their secrets: sealed in the database, readable to their owner. */
export class WebhookEndpoints {
  private readonly parts: OnceParts;

  constructor(
    db: CheckoutDatabase,
    clock: Clock,
    private readonly keys: SealingKeys | undefined,
  ) {
    this.parts = { db, clock };
  }

  /**
   * One active endpoint for each address: whoever registers it anew is told which one it is.
   * @param address as it was found before this transaction. What is wrong with it now does not count
   *   against a request that was taken before.
   */
  async register(
    platform: PlatformId,
    address: Result<URL, EndpointUrlRefusal>,
    repeatable?: Repeatable,
  ): Promise<Result<EndpointMade, RegisterRefusal | RepeatRefusal>> {
    const { keys } = this;
    if (keys === undefined) return refuse({ code: 'webhooks_not_configured' });
    return once<RegisterRefusal>(this.parts, repeatable, async (tx, { at, random }) => {
      if (!address.ok) return address;
      const url = address.value.href;
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))::text', [
        `webhook_endpoint ${platform}`,
      ]);
      const active = await tx.query<Pick<Row, 'endpointId' | 'url'>>(
        `select endpoint_id as "endpointId", url from webhook_endpoint
          where platform = $1 and disabled_at is null`,
        [platform],
      );
      const same = active.find((one) => one.url === url);
      if (same !== undefined) {
        return refuse({ code: 'endpoint_exists', endpointId: same.endpointId });
      }
      if (active.length >= MOST_ACTIVE) return refuse({ code: 'too_many_endpoints' });
      const endpointId = `we_${mintEventId({ at, random })}`;
      const secret = newSecret(keys, endpointId);
      await tx.query(
        `insert into webhook_endpoint (endpoint_id, platform, url, secret, created_at)
         values ($1, $2, $3, $4, $5::timestamptz)`,
        [endpointId, platform, url, secret, at],
      );
      return ok({ status: 201, endpointId });
    });
  }

  async list(platform: PlatformId): Promise<Endpoint[]> {
    const rows = await this.parts.db.prisma.webhookEndpoint.findMany({
      where: { platform },
      orderBy: { endpointId: 'asc' },
    });
    return rows.map(endpointFrom);
  }

  find(platform: PlatformId, endpointId: string): Promise<Result<Endpoint, UnknownEndpoint>> {
    return endpointOf(this.parts.db, platform, endpointId);
  }

  /** With its newest secret: for the answers that show it, and for whoever lost one. */
  async reveal(
    platform: PlatformId,
    endpointId: string,
  ): Promise<Result<EndpointWithSecret, RevealRefusal>> {
    if (this.keys === undefined) return refuse({ code: 'webhooks_not_configured' });
    const row = await rowOf(this.parts.db, platform, endpointId);
    if (row === undefined) return refuse({ code: 'endpoint_unknown' });
    return ok({ ...endpointFrom(row), secret: unseal(this.keys, row.secret, endpointId) });
  }

  /** A new secret; the old one signs beside it for a day. Not again before that day is over. */
  async rotate(
    platform: PlatformId,
    endpointId: string,
    repeatable?: Repeatable,
  ): Promise<Result<EndpointMade, RotateRefusal | RepeatRefusal>> {
    const { keys } = this;
    if (keys === undefined) return refuse({ code: 'webhooks_not_configured' });
    if (!isEndpointId(endpointId)) return refuse({ code: 'endpoint_unknown' });
    return once<RotateRefusal>(this.parts, repeatable, async (tx, { at }) => {
      await tx.query(
        'select 1 as locked from webhook_endpoint where endpoint_id = $1 for no key update',
        [endpointId],
      );
      const before = await rowOf(tx, platform, endpointId);
      if (before === undefined) return refuse({ code: 'endpoint_unknown' });
      if (before.disabledAt !== null) return refuse({ code: 'endpoint_disabled' });
      if (before.oldSecretUntil !== null && before.oldSecretUntil > at) {
        return refuse({ code: 'rotation_in_progress' });
      }
      const secret = newSecret(keys, endpointId);
      const oldSecretUntil = new Date(at.getTime() + OVERLAP_MS);
      await tx.query(
        `update webhook_endpoint set secret = $2, old_secret = $3, old_secret_until = $4::timestamptz
          where endpoint_id = $1`,
        [endpointId, secret, before.secret, oldSecretUntil],
      );
      return ok({ status: 201, endpointId });
    });
  }

  /** For good: nothing more is queued or sent. Its deliveries stay to be looked at. */
  disable(
    platform: PlatformId,
    endpointId: string,
    repeatable?: Repeatable,
  ): Promise<Result<EndpointMade, UnknownEndpoint | RepeatRefusal>> {
    return once<UnknownEndpoint>(this.parts, repeatable, async (tx, { at }) => {
      const found = await endpointOf(tx, platform, endpointId);
      if (!found.ok) return found;
      await tx.query(
        `update webhook_endpoint set disabled_at = $2::timestamptz
          where endpoint_id = $1 and disabled_at is null`,
        [endpointId, at],
      );
      return ok({ status: 200, endpointId });
    });
  }
}

/** A platform's own endpoint: nobody sees another platform's. */
export async function endpointOf(
  db: Sql,
  platform: PlatformId,
  endpointId: string,
): Promise<Result<Endpoint, UnknownEndpoint>> {
  const row = await rowOf(db, platform, endpointId);
  return row === undefined ? refuse({ code: 'endpoint_unknown' }) : ok(endpointFrom(row));
}

async function rowOf(db: Sql, platform: PlatformId, endpointId: string): Promise<Row | undefined> {
  if (!isEndpointId(endpointId)) return undefined;
  const [row] = await db.query<Row>(
    `select endpoint_id as "endpointId", platform, url, secret, old_secret as "oldSecret",
       old_secret_until as "oldSecretUntil", created_at as "createdAt", disabled_at as "disabledAt"
     from webhook_endpoint where endpoint_id = $1 and platform = $2`,
    [endpointId, platform],
  );
  return row;
}

/** Sealed. */
function newSecret(keys: SealingKeys, owner: string): string {
  const secret = secretFrom(randomBytes(SECRET_RANDOM_BYTES));
  return seal(keys, { secret, owner, random: randomBytes(SEAL_RANDOM_BYTES) });
}

const endpointFrom = (row: Row): Endpoint => ({
  endpointId: row.endpointId,
  url: row.url,
  createdAt: row.createdAt,
  oldSecretUntil: row.oldSecretUntil ?? undefined,
  disabledAt: row.disabledAt ?? undefined,
});
