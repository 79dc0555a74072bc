import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { methodText } from '@hutong/domain-events';
import { BEGINNING, habits, UNIONPAY_LAUNCH, type Habit } from './habits.js';

const shipped = join(import.meta.dirname, '../../../../apps/routing/policies');

/** What of a policy file is compared here; routing reads all of it, and refuses what it does not know. */
type PolicyFile = Readonly<{
  versions: readonly Readonly<{ effectiveFrom: string; methods: readonly Rule[] }>[];
}>;
type Rule = Readonly<{
  method: string;
  conditions?: Readonly<{ maxAmount?: Readonly<{ minor: string }> }>;
}>;

/** The days on which rules on the habit's method begin to hold, earliest first. */
const rulesOn = ({ platform, method }: Habit) =>
  (JSON.parse(readFileSync(join(shipped, `${platform}.json`), 'utf8')) as PolicyFile).versions.map(
    ({ effectiveFrom, methods }) => ({
      from: effectiveFrom.slice(0, 10),
      rule: methods.find((rule) => rule.method === methodText(method)),
    }),
  );

/** The day on which the method opened, unless that was before what is told. */
const openedOn = (habit: Habit): string | undefined => {
  const from = rulesOn(habit).find(({ rule }) => rule !== undefined)?.from;
  return from !== undefined && from < BEGINNING ? BEGINNING : from;
};

const named = habits.map((habit): [string, Habit] => [
  `${habit.platform} ${methodText(habit.method)}`,
  habit,
]);

describe('the habits of the history are those of the shipped policies', () => {
  it.each(named)('%s begins when its method opens', (_, habit) => {
    expect(habit.since).toBe(openedOn(habit));
  });

  it.each(named)('%s is offered ever after', (_, habit) => {
    const since = rulesOn(habit).filter(({ from }) => from >= habit.since);
    expect(since.filter(({ rule }) => rule === undefined)).toEqual([]);
  });

  it.each(named)('%s keeps to its limit', (_, habit) => {
    const limits = rulesOn(habit).map(({ from, rule }) => ({
      from,
      most: rule?.conditions?.maxAmount?.minor,
    }));
    const limited = limits.find(({ most }) => most !== undefined);
    const free = limits.find(({ from, most }) => from > (limited?.from ?? '') && !most);
    const capped = limited && { before: free?.from, minor: BigInt(limited.most ?? 0) };
    expect(habit.capped).toEqual(capped);
  });

  it('UnionPay opened on Taobao on the day that is called its launch', () => {
    const unionpay = habits.filter(
      ({ platform, method }) => platform === 'taobao' && method.provider === 'unionpay',
    );
    expect(new Set(unionpay.map(openedOn))).toEqual(new Set([UNIONPAY_LAUNCH]));
  });
});
