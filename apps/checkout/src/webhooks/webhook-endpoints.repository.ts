import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { mintEventId, type PlatformId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { CheckoutDatabase } from '../store/database.repository.js';
import type { WebhookEndpoint as Row } from '../generated/prisma/client.js';
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

/** A platform's endpoints, and their secrets: sealed in the database, readable to their owner. */
export class WebhookEndpoints {
  constructor(
    private readonly db: CheckoutDatabase,
    private readonly clock: Clock,
    private readonly keys: SealingKeys | undefined,
  ) {}

  /** One active endpoint for each address: who repeats a registration is told which one it is. */
  async register(
    platform: PlatformId,
    url: URL,
  ): Promise<Result<EndpointWithSecret, RegisterRefusal>> {
    const { keys } = this;
    if (keys === undefined) return refuse({ code: 'webhooks_not_configured' });
    return this.db.transaction<Result<EndpointWithSecret, RegisterRefusal>>(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))::text', [
        `webhook_endpoint ${platform}`,
      ]);
      const active = await tx.prisma.webhookEndpoint.findMany({
        where: { platform, disabledAt: null },
      });
      const same = active.find((one) => one.url === url.href);
      if (same !== undefined) {
        return refuse({ code: 'endpoint_exists', endpointId: same.endpointId });
      }
      if (active.length >= MOST_ACTIVE) return refuse({ code: 'too_many_endpoints' });
      const createdAt = this.clock.now();
      const endpointId = `we_${mintEventId({ at: createdAt, random: randomBytes(16) })}`;
      const { secret, sealed } = newSecret(keys, endpointId);
      const row = await tx.prisma.webhookEndpoint.create({
        data: { endpointId, platform, url: url.href, secret: sealed, createdAt },
      });
      return ok({ ...endpointFrom(row), secret });
    });
  }

  async list(platform: PlatformId): Promise<Endpoint[]> {
    const rows = await this.db.prisma.webhookEndpoint.findMany({
      where: { platform },
      orderBy: { endpointId: 'asc' },
    });
    return rows.map(endpointFrom);
  }

  async find(platform: PlatformId, endpointId: string): Promise<Endpoint | undefined> {
    const row = await this.row(platform, endpointId);
    return row === undefined ? undefined : endpointFrom(row);
  }

  /** With its newest secret: whoever lost the answer that had it asks here. */
  async reveal(
    platform: PlatformId,
    endpointId: string,
  ): Promise<Result<EndpointWithSecret, RevealRefusal>> {
    if (this.keys === undefined) return refuse({ code: 'webhooks_not_configured' });
    const row = await this.row(platform, endpointId);
    if (row === undefined) return refuse({ code: 'endpoint_unknown' });
    return ok({ ...endpointFrom(row), secret: unseal(this.keys, row.secret, endpointId) });
  }

  /** A new secret; the old one signs beside it for a day. Not again before that day is over. */
  async rotate(
    platform: PlatformId,
    endpointId: string,
  ): Promise<Result<EndpointWithSecret, RotateRefusal>> {
    const { keys } = this;
    if (keys === undefined) return refuse({ code: 'webhooks_not_configured' });
    if (!isEndpointId(endpointId)) return refuse({ code: 'endpoint_unknown' });
    return this.db.transaction<Result<EndpointWithSecret, RotateRefusal>>(async (tx) => {
      await tx.query(
        'select 1 as locked from webhook_endpoint where endpoint_id = $1 for no key update',
        [endpointId],
      );
      const where = { endpointId, platform };
      const before = await tx.prisma.webhookEndpoint.findUnique({ where });
      if (before === null) return refuse({ code: 'endpoint_unknown' });
      if (before.disabledAt !== null) return refuse({ code: 'endpoint_disabled' });
      const now = this.clock.now();
      if (before.oldSecretUntil !== null && before.oldSecretUntil > now) {
        return refuse({ code: 'rotation_in_progress' });
      }
      const { secret, sealed } = newSecret(keys, endpointId);
      const oldSecretUntil = new Date(now.getTime() + OVERLAP_MS);
      const row = await tx.prisma.webhookEndpoint.update({
        where,
        data: { secret: sealed, oldSecret: before.secret, oldSecretUntil },
      });
      return ok({ ...endpointFrom(row), secret });
    });
  }

  /** For good: nothing more is queued or sent. Its deliveries stay to be looked at. */
  async disable(platform: PlatformId, endpointId: string): Promise<Endpoint | undefined> {
    if (!isEndpointId(endpointId)) return undefined;
    await this.db.prisma.webhookEndpoint.updateMany({
      where: { endpointId, platform, disabledAt: null },
      data: { disabledAt: this.clock.now() },
    });
    return this.find(platform, endpointId);
  }

  private async row(platform: PlatformId, endpointId: string): Promise<Row | undefined> {
    if (!isEndpointId(endpointId)) return undefined;
    const where = { endpointId, platform };
    return (await this.db.prisma.webhookEndpoint.findUnique({ where })) ?? undefined;
  }
}

function newSecret(keys: SealingKeys, owner: string): Readonly<{ secret: string; sealed: string }> {
  const secret = secretFrom(randomBytes(SECRET_RANDOM_BYTES));
  const random = randomBytes(SEAL_RANDOM_BYTES);
  return { secret, sealed: seal(keys, { secret, owner, random }) };
}

const endpointFrom = (row: Row): Endpoint => ({
  endpointId: row.endpointId,
  url: row.url,
  createdAt: row.createdAt,
  oldSecretUntil: row.oldSecretUntil ?? undefined,
  disabledAt: row.disabledAt ?? undefined,
});
