import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PAYMENT_OUTCOMES, type PaymentOutcome } from '@hutong/domain-events';
import { aPaymentAttemptFailed, aPaymentPaid, anEventId } from '@hutong/testing';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeOpenApi } from './openapi.adapter.js';
import { accountRefusals, daysRefusals, entriesRefusals } from './operator-api/refusals.js';
import { Books } from './post-entry/books.repository.js';
import { rates, World } from './world.examples.js';

type Schema = Readonly<{
  $ref?: string;
  allOf?: readonly Schema[];
  enum?: readonly unknown[];
  nullable?: boolean;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
}>;

const ADOPTED = 'entity=payer&instrument=any&platform=taobao&from=2026-11-24&to=2026-11-25';

describe('the OpenAPI document', () => {
  let world: World;
  let document: OpenAPIObject;
  const paid = aPaymentPaid();

  beforeAll(async () => {
    world = await World.start('api');
    document = await describeOpenApi();
    const ignore = { booked: () => undefined, duplicate: () => undefined };
    const books = new Books(world.db, { rates, clock: 'append' }, ignore);
    const outcomes: readonly PaymentOutcome[] = [paid, aPaymentAttemptFailed()];
    for (const [offset, event] of outcomes.entries()) {
      const place = { topic: PAYMENT_OUTCOMES, partition: 0, offset: BigInt(offset) } as const;
      const { occurredAt } = event;
      const told = { eventId: anEventId(), source: 'checkout', sequence: 1, occurredAt } as const;
      await books.book({ ...told, ...place, event, appendedAt: occurredAt });
    }
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  const schemaNamed = (name: string): Schema => document.components?.schemas?.[name] ?? {};

  /** What in `value` is not as the schema says, by its path. Fields that it does not name count. */
  function wrongIn(value: unknown, schema: Schema, path = ''): string[] {
    const [behind] = schema.allOf ?? [];
    if (behind !== undefined) return wrongIn(value, behind, path);
    if (schema.$ref !== undefined) {
      return wrongIn(value, schemaNamed(schema.$ref.split('/').at(-1) ?? ''), path);
    }
    if (value === null && schema.nullable === true) return [];
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not listed`];
    if (Array.isArray(value)) {
      return value.flatMap((v, i) => wrongIn(v, schema.items ?? {}, `${path}[${i}]`));
    }
    if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
    const missing = (schema.required ?? []).filter((name) => !(name in value));
    return [
      ...missing.map((name) => `${path}.${name}: missing`),
      ...Object.entries(value).flatMap(([name, member]) => {
        const own = schema.properties?.[name];
        const at = `${path}.${name}`;
        return own === undefined ? [`${at}: unknown`] : wrongIn(member, own, at);
      }),
    ];
  }

  it('is the one that is served', async () => {
    const { body } = await world.ask('/openapi.json', { token: '' });
    expect(body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it.each([
    [`/entries?attempt=${paid.attempt.attemptId}`, 'EntriesView'],
    ['/accounts/clearing:wechat:taobao:CNY', 'BalanceView'],
    ['/volumes?grain=hour', 'VolumesView'],
    ['/reasons', 'ReasonsView'],
    [`/adoption/range?${ADOPTED}`, 'AdoptionView'],
    [`/adoption/share?${ADOPTED}`, 'ShareView'],
    [`/adoption/series?${ADOPTED}&window=cumulative`, 'SeriesView'],
    [`/adoption/growth?${ADOPTED}`, 'GrowthView'],
    ['/accounts?kind=clearing', 'AccountsView'],
  ])('describes what %s answers as %s', async (path, view) => {
    const { status, body } = await world.ask(path);
    expect(status).toBe(200);
    expect(wrongIn(body, schemaNamed(view))).toEqual([]);
    expect(JSON.stringify(body)).toContain('taobao');
  });

  it('describes the problems that are answered, and lists every refusal there is', async () => {
    for (const path of ['/entries', '/volumes?from=x', '/accounts/x']) {
      expect(wrongIn((await world.ask(path)).body, schemaNamed('ProblemView'))).toEqual([]);
    }
    const text = JSON.stringify(document);
    for (const code of Object.keys({ ...accountRefusals, ...entriesRefusals, ...daysRefusals })) {
      expect(text).toContain(`"${code}"`);
    }
  });

  it('names every operation once', () => {
    const operations = Object.values(document.paths).map(({ get }) => get?.operationId);
    expect(new Set(operations).size).toBe(operations.length);
  });
});
