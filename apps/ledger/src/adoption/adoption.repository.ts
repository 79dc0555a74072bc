import type { Sql } from '@hutong/database';
import { instrumentCode, outcomeCode } from '../posting/codes.js';
import { startOf, type Day } from '../posting/day.js';
import { kindsOf, type AdoptionInstrument } from '../posting/leaf.js';
import type { Days, Period } from '../operator-api/period.js';
import { DAY_OF_BOOKING } from '../store/beijing.js';
import type { Entity } from './entity.js';
import { launchDays } from './launch.js';
import type { Window } from './window.js';

/** Whose adoption of what. */
export type Adopters = Readonly<{
  entity: Entity;
  instrument: AdoptionInstrument;
  /** Left out: any, which is the sum of all. */
  platform?: string;
}>;

export type AdoptionQuestion = Adopters &
  Readonly<{
    /** By the day on which it was booked. */
    period: Period;
  }>;

/** Those by an instrument, among those by any. */
export type Part = Readonly<{ uniques: number; among: number }>;

/** What growth is measured against. */
export type Launch = Readonly<{ days: Days; uniques: number }>;

/** A value for each day: how many different ones in the window that ends with it. */
export type Series = readonly Readonly<{ day: Day; uniques: number }>[];

/**
 * A payer belongs to one platform: the same key on another one is another account. An account's key
 * names its platform, and ends in its currency; a merchant has an account for each.
 */
const MEMBER: Record<Entity, string> = {
  payer: '(s.platform, e.payer_key)',
  merchant: 'left(a.external_ref, -4)',
};

/** Payments alone make somebody a user of anything, and a refund unmakes none. */
const PAID = `
         from ledger_event e
         join scope s on s.scope_id = e.scope
         join platform p on p.platform_id = s.platform
         join account a on a.account_id = e.credit_acct
        where e.code = ${outcomeCode['payment.paid']} and s.instrument = any($1::int2[])
          and ($2::text is null or p.slug = $2)
          and ($3::timestamptz is null or e.booked_at >= $3)
          and ($4::timestamptz is null or e.booked_at < $4)`;

/** Exact unique payers and merchants, straight from the log. */
export class Adoption {
  constructor(private readonly db: Sql) {}

  /** How many different ones in a period. */
  async uniques(question: AdoptionQuestion): Promise<number> {
    const [row] = await this.db.query<{ n: bigint }>(
      `select count(distinct ${MEMBER[question.entity]}) as n ${PAID}`,
      parametersOf(question, question.period),
    );
    return Number(row?.n ?? 0n);
  }

  /**
   * The same count for each day's window, in one pass: a member counts from each of its active days on,
   * up to its next one or for as long as the window is. These stretches do not overlap, so the
   * number that are open on a day is the number of members.
   */
  async series(who: Adopters, { from, to }: Days, window: Window): Promise<Series> {
    const length = window === 'cumulative' ? null : window;
    const first = length === null ? undefined : startOf((from - length + 1) as Day);
    const rows = await this.db.query<{ day: Day; uniques: bigint }>(
      `with active as (select distinct ${MEMBER[who.entity]} as member, ${DAY_OF_BOOKING} as day ${PAID}),
            stretch as (
              select day as opens,
                     least(day + $5::int, lead(day) over (partition by member order by day)) as closes
                from active),
            change as (
              select opens as day, 1 as n from stretch
              union all select closes, -1 from stretch where closes is not null
              union all select generate_series($6::int, $7::int - 1), 0)
       select * from (
         select day, (sum(sum(n)) over (order by day))::int8 as uniques
           from change group by day) each_day
        where day >= $6 and day < $7 order by day`,
      [...parametersOf(who, { from: first, to: startOf(to) }), length, from, to],
    );
    return rows.map(({ day, uniques }) => ({ day, uniques: Number(uniques) }));
  }

  /** Here and, if a platform is named, on all others, at one moment. */
  async share(question: AdoptionQuestion): Promise<Readonly<{ here: Part; elsewhere: Part }>> {
    const { entity, instrument, platform, period } = question;
    const anywhere = { entity, instrument: 'any' } as const;
    const here = '($5::text is null or p.slug = $5)';
    const byThis = 's.instrument = any($6::int2[])';
    const count = (condition: string) =>
      `count(distinct ${MEMBER[entity]}) filter (where ${condition})`;
    const [row] = await this.db.query<Record<'us' | 'ours' | 'them' | 'theirs', bigint>>(
      `select ${count(`${here} and ${byThis}`)} as us, ${count(here)} as ours,
              ${count(`not ${here} and ${byThis}`)} as them, ${count(`not ${here}`)} as theirs ${PAID}`,
      [...parametersOf(anywhere, period), platform ?? null, codesOf(instrument)],
    );
    const part = (uniques = 0n, among = 0n) => ({ uniques: Number(uniques), among: Number(among) });
    return { here: part(row?.us, row?.ours), elsewhere: part(row?.them, row?.theirs) };
  }

  /**
   * The launch window that begins on a day, or on the first on which anybody was active.
   * @returns undefined if there is no such day.
   */
  async launch(who: Adopters, day: Day | undefined): Promise<Launch | undefined> {
    const first = day ?? (await this.firstDay(who));
    if (first === undefined) return undefined;
    const days = launchDays(first);
    const period = { from: startOf(days.from), to: startOf(days.to) };
    return { days, uniques: await this.uniques({ ...who, period }) };
  }

  private async firstDay(who: Adopters): Promise<Day | undefined> {
    const [row] = await this.db.query<{ day: Day | null }>(
      `select min(${DAY_OF_BOOKING}) as day ${PAID}`,
      parametersOf(who, { from: undefined, to: undefined }),
    );
    return row?.day ?? undefined;
  }
}

const parametersOf = (
  { instrument, platform }: Adopters,
  { from, to }: Period,
): readonly unknown[] => [codesOf(instrument), platform ?? null, from ?? null, to ?? null];

const codesOf = (instrument: AdoptionInstrument): readonly number[] =>
  kindsOf(instrument).map((kind) => instrumentCode[kind]);
