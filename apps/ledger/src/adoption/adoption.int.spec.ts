import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawDatabase } from '@hutong/database';
import {
  merchantId,
  PAYMENT_OUTCOMES,
  platformId,
  type Instrument,
  type PayerKey,
  type PlatformId,
} from '@hutong/domain-events';
import {
  aPayerKey,
  aPaymentPaid,
  aPaymentRefunded,
  aSurplusTaken,
  anEventId,
  someAttemptFacts,
  somePaymentFacts,
} from '@hutong/testing';
import { Books } from '../post-entry/books.repository.js';
import { startOf, type Day } from '../posting/day.js';
import { instrumentKind, kindsOf, type AdoptionInstrument } from '../posting/leaf.js';
import { openDatabase } from '../store/database.repository.js';
import { migrated, rates, silent } from '../world.examples.js';
import { Adoption, type Adopters } from './adoption.repository.js';
import type { Window } from './window.js';

type Fact = Readonly<{
  platform: PlatformId;
  payer: PayerKey;
  merchant: string;
  instrument: Instrument;
  day: number;
}>;

const PLATFORMS = [platformId('taobao'), platformId('jd')] as const;
const INSTRUMENTS: readonly Instrument[] = [
  'wechat_pay',
  'alipay',
  'cloud_quickpass',
  'bank_app:0102',
];
const PAYERS = Array.from({ length: 12 }, () => aPayerKey());
/** Days since 2020-01-01 on which the facts lie, gaps among them. */
const [FIRST, LAST] = [547, 607];
const FACTS = 160;

/** The same numbers in every run: Park and Miller's generator. */
function* numbers(seed: number): Generator<number, never> {
  for (let last = seed; ;) {
    last = (last * 48_271) % 2_147_483_647;
    yield last / 2_147_483_647;
  }
}

const facts: readonly Fact[] = (() => {
  const next = numbers(20_241);
  const below = (count: number) => Math.floor(next.next().value * count);
  const one = <T>(list: readonly [T, ...T[]] | readonly T[]): T => {
    const [picked] = list.slice(below(list.length));
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  return Array.from({ length: FACTS }, () => ({
    platform: one(PLATFORMS),
    payer: one(PAYERS), // on both platforms: there they are two accounts
    merchant: `m-${below(5)}`,
    instrument: one(INSTRUMENTS),
    day: FIRST + Math.floor((below(LAST - FIRST + 1) * below(LAST - FIRST + 1)) / (LAST - FIRST)),
  }));
})();

/** The answer by looking at every fact. */
function different({ entity, instrument, platform }: Adopters, from: number, to: number): number {
  const kinds = kindsOf(instrument);
  const own = facts.filter(
    (fact) =>
      (platform === undefined || fact.platform === platform) &&
      kinds.includes(instrumentKind(fact.instrument)) &&
      fact.day >= from &&
      fact.day < to,
  );
  return new Set(own.map((fact) => `${fact.platform} ${fact[entity]}`)).size;
}

describe('adoption', () => {
  let database: Awaited<ReturnType<typeof migrated>>;
  let db: RawDatabase;
  let adoption: Adoption;

  beforeAll(async () => {
    database = await migrated();
    db = openDatabase(database.config, silent);
    adoption = new Adoption(db);
    const ignore = { booked: () => undefined, duplicate: () => undefined };
    const books = new Books(db, { rates, clock: 'event' }, ignore);
    const told = facts.flatMap(({ day, platform, ...fact }) => {
      const payment = somePaymentFacts({
        platform,
        payerKey: fact.payer,
        merchantId: merchantId(fact.merchant),
      });
      const { instrument } = fact;
      const about = { payment, attempt: someAttemptFacts({ provider: 'unionpay', instrument }) };
      // In the middle of the day; what moves money otherwise makes and unmakes nobody.
      const businessTime = new Date(startOf(day as Day).getTime() + 43_200_000);
      const later = new Date(startOf((LAST + 40) as Day));
      return [
        { event: aPaymentPaid(about), businessTime },
        ...(day % 8 === 0 ? [{ event: aPaymentRefunded(about), businessTime: later }] : []),
        ...(day % 9 === 0 ? [{ event: aSurplusTaken(about), businessTime: later }] : []),
      ];
    });
    const lanes = Map.groupBy(told.entries(), ([offset]) => offset % 6);
    await Promise.all(
      [...lanes].map(async ([partition, lane]) => {
        for (const [offset, { event, businessTime }] of lane) {
          const { occurredAt } = event;
          const place = { topic: PAYMENT_OUTCOMES, partition, offset: BigInt(offset) } as const;
          const about = { eventId: anEventId(), source: 'checkout', sequence: 1 } as const;
          const times = { occurredAt, appendedAt: occurredAt, businessTime };
          await books.book({ event, ...about, ...place, ...times });
        }
      }),
    );
  }, 120_000);

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const asked = (['payer', 'merchant'] as const).flatMap((entity) =>
    (['any', 'unionpay', 'bank_app', 'alipay'] as const).flatMap((instrument) => [
      { where: 'anywhere', who: { entity, instrument } },
      { where: 'on taobao', who: { entity, instrument, platform: 'taobao' } },
    ]),
  );
  const day = (number: number) => number as Day;

  it.each(asked)(
    'of $who.instrument by $who.entity $where is exact in any period',
    async ({ who }) => {
      for (const [from, to] of [
        [FIRST, LAST + 1],
        [FIRST, FIRST + 1],
        [FIRST + 7, FIRST + 20],
        [LAST - 9, LAST + 1],
        [LAST + 1, LAST + 60],
      ] as const) {
        const period = { from: startOf(day(from)), to: startOf(day(to)) };
        expect(await adoption.uniques({ ...who, period })).toBe(different(who, from, to));
      }
    },
  );

  it.each(asked)('of $who.instrument by $who.entity $where is exact each day', async ({ who }) => {
    const windows: readonly Window[] = [1, 7, 30, 365, 'cumulative'];
    for (const window of windows) {
      const days = { from: day(FIRST + 5), to: day(LAST + 45) };
      const series = await adoption.series(who, days, window);
      const expected = Array.from({ length: days.to - days.from }, (_, index) => {
        const end = days.from + index;
        const begin = window === 'cumulative' ? 0 : end - window + 1;
        return { day: end, uniques: different(who, begin, end + 1) };
      });
      expect(series).toEqual(expected);
    }
  });

  it('is, on any platform, the sum of all', async () => {
    const period = { from: undefined, to: undefined };
    for (const entity of ['payer', 'merchant'] as const) {
      const on = (platform: string) =>
        adoption.uniques({ entity, instrument: 'any', platform, period });
      const all = await adoption.uniques({ entity, instrument: 'any', period });
      expect(all).toBe((await on('taobao')) + (await on('jd')));
    }
  });

  it.each<AdoptionInstrument>(['any', 'unionpay', 'alipay'])(
    'is shared among those who paid by anything: %s',
    async (instrument) => {
      const [from, to] = [FIRST + 3, FIRST + 33];
      const period = { from: startOf(day(from)), to: startOf(day(to)) };
      const who = { entity: 'payer', instrument, platform: 'taobao' } as const;
      const part = (platform: string) => ({
        uniques: different({ ...who, platform }, from, to),
        among: different({ ...who, platform, instrument: 'any' }, from, to),
      });
      const shares = { here: part('taobao'), elsewhere: part('jd') };
      expect(await adoption.share({ ...who, period })).toEqual(shares);
    },
  );

  it('begins with its launch, which nobody has to know', async () => {
    const who = { entity: 'payer', instrument: 'unionpay', platform: 'jd' } as const;
    const own = facts.filter(
      ({ platform, instrument }) =>
        platform === 'jd' && kindsOf('unionpay').includes(instrumentKind(instrument)),
    );
    const first = Math.min(...own.map((fact) => fact.day));
    const days = { from: first, to: first + 30 };
    const uniques = different(who, days.from, days.to);
    expect(await adoption.launch(who, undefined)).toEqual({ days, uniques });
    expect(await adoption.launch(who, day(first + 9))).toEqual({
      days: { from: first + 9, to: first + 39 },
      uniques: different(who, first + 9, first + 39),
    });
    expect(await adoption.launch({ ...who, platform: 'nowhere' }, undefined)).toBeUndefined();
  });
});
