import { describe, expect, it } from '@jest/globals';
import { BROKEN } from './model/broken-machines.examples.js';
import { explorePayments } from './model/payments.examples.js';
import { arrows, watched } from './model/watched.examples.js';
import type { Bound } from './model/world.examples.js';

describe('everything that can become of one payment', () => {
  const { machine, taken } = watched();

  // The number of states says that no part of them has gone missing: another machine has another one.
  it.each<Bound & { states: number }>`
    attempts | refunds | troubles | redelivered | states
    ${2}     | ${1}    | ${0}     | ${0}        | ${12_961}
    ${2}     | ${0}    | ${1}     | ${1}        | ${49_997}
    ${1}     | ${2}    | ${0}     | ${0}        | ${844}
    ${1}     | ${1}    | ${2}     | ${0}        | ${42_646}
  `(
    'keeps every rule and settles: $states states of up to $attempts attempts, $refunds refunds, $troubles troubles',
    ({ states, ...bound }) => {
      expect(explorePayments(bound, machine).states).toBe(states);
    },
  );

  it('takes every arrow of the page of states, but those that nothing here can take', () => {
    expect(arrows().filter((arrow) => !taken.has(arrow))).toEqual([
      // Gateways are in doubt only before they have shown anything, and know nothing of what was refused.
      'Attempt: awaiting_payer --> unknown',
      'Attempt: refused --> succeeded',
      // Refused, and given back by hand: `explored.deep.spec.ts` goes there.
      'Surplus: taken --> refunded',
      // After seven refusals.
      'Surplus: refunding --> stuck',
      'Surplus: stuck --> refunding',
      'Surplus: stuck --> refunded',
    ]);
  });
});

describe('a machine that lacks', () => {
  const little: Bound = { attempts: 1, refunds: 1, troubles: 1, redelivered: 1 };

  it.each(BROKEN)('$lacks is found out', ({ machine, shows, needs }) => {
    expect(() => explorePayments({ ...little, ...needs }, machine)).toThrow(shows);
  });
});
