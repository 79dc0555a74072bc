import { describe, expect, it } from '@jest/globals';
import { PROVIDERS } from '@hutong/domain-events';
import { RING_SERVICES } from '@hutong/world';
import fc from 'fast-check';
import { BLOW_KINDS, type Blow } from './blows.js';
import { INJURIES, injuryOf } from './chances.js';
import { planOf, type Asked } from './plan.js';
import { BEHAVIOURS } from './planned-payment.js';

const anAsked = (over: Partial<Asked> = {}): Asked => ({
  seed: 1,
  payments: 500,
  minutes: 2,
  instances: 1,
  ...over,
});
/** A plan is long: two of them are compared as texts. */
const textOf = (plan: object): string => JSON.stringify(plan);
const SOME = { numRuns: 25 };
const asked = fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  payments: fc.integer({ min: 1, max: 20 }),
  minutes: fc.double({ min: 0.2, max: 20, noNaN: true }),
  instances: fc.integer({ min: 1, max: 3 }),
});

describe('any plan', () => {
  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(asked, (one) => expect(textOf(planOf(one))).toBe(textOf(planOf(one)))),
      SOME,
    );
  });

  it('begins with the same payments, however many follow', () => {
    const byIndex = (one: Asked) => planOf(one).payments.toSorted((a, b) => a.index - b.index);
    fc.assert(
      fc.property(asked, (one) => {
        const more = byIndex({ ...one, payments: one.payments + 7 });
        expect(textOf(more.slice(0, one.payments))).toBe(textOf(byIndex(one)));
      }),
      SOME,
    );
  });

  it('stays within its time, moves money, and gives back no more than was paid', () => {
    fc.assert(
      fc.property(asked, (one) => {
        const { payments, spanMs } = planOf(one);
        expect(payments).toHaveLength(one.payments);
        for (const { atMs, minor, refunds, providers } of payments) {
          expect(atMs).toBeLessThan(spanMs);
          expect(minor).toBeGreaterThan(0);
          expect(refunds.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(100);
          expect(new Set(providers).size).toBe(2);
        }
      }),
      SOME,
    );
  });

  it('strikes in every way at least once, one blow after another, at instances that are there', () => {
    fc.assert(
      fc.property(asked, (one) => {
        const { blows, spanMs } = planOf(one);
        expect(new Set(blows.map(({ kind }) => kind))).toEqual(new Set(BLOW_KINDS));
        const times = blows.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(Math.max(...times)).toBeLessThan(spanMs);
        expect(blows.every((blow) => !('instance' in blow) || blow.instance < one.instances)).toBe(
          true,
        );
      }),
      SOME,
    );
  });

  it('sets a group back when every other kind of blow has fallen', () => {
    fc.assert(
      fc.property(asked, (one) => {
        const kinds = planOf(one).blows.map(({ kind }) => kind);
        const before = new Set(kinds.slice(0, kinds.indexOf('set_back_offsets')));
        expect(before.size).toBe(BLOW_KINDS.length - 1);
      }),
      SOME,
    );
  });

  it('arms only what has a name for people', () => {
    const { chances, payments } = planOf(anAsked());
    const faults = [...chances, ...payments.flatMap((one) => one.faults)].map((one) => one.fault);
    expect(new Set(faults.map(injuryOf))).toEqual(new Set(INJURIES));
  });
});

describe('a plan of five hundred payments', () => {
  const plan = planOf(anAsked({ minutes: 3 }));

  it('has every behaviour, and every provider as often as the others', () => {
    expect(new Set(plan.payments.map(({ behaviour }) => behaviour))).toEqual(new Set(BEHAVIOURS));
    for (const provider of PROVIDERS) {
      const own = plan.payments.filter(({ providers }) => providers[0] === provider);
      expect(own.length).toBeGreaterThan(120);
    }
  });

  it('kills every service before any a second time', () => {
    const kills = plan.blows.filter(
      (blow): blow is Blow & { kind: 'kill' } => blow.kind === 'kill',
    );
    const first = kills.slice(0, RING_SERVICES.length).map(({ service }) => service);
    expect(new Set(first).size).toBe(first.length);
  });

  it('is another one for another seed', () => {
    expect(planOf(anAsked({ seed: 2 })).payments).not.toEqual(plan.payments);
    expect(planOf(anAsked({ seed: 2 })).blows).not.toEqual(plan.blows);
  });
});
