import { describe, expect, it } from '@jest/globals';
import { explorePayments } from './model/payments.examples.js';
import { watched } from './model/watched.examples.js';
import type { Bound } from './model/world.examples.js';

/** Of the largest, on a busy machine. What goes further takes more memory than a test should. */
const PATIENCE_MS = 300_000;

describe('everything that can become of one payment, further on', () => {
  const { machine, taken } = watched();

  it.each<Bound & { states: number }>`
    attempts | refunds | troubles | redelivered | states
    ${2}     | ${2}    | ${0}     | ${0}        | ${84_337}
    ${3}     | ${0}    | ${0}     | ${0}        | ${136_505}
    ${1}     | ${0}    | ${3}     | ${1}        | ${63_562}
    ${1}     | ${1}    | ${2}     | ${2}        | ${44_414}
  `(
    'keeps every rule and settles: $states states of up to $attempts attempts, $refunds refunds, $troubles troubles',
    ({ states, ...bound }) => {
      expect(explorePayments(bound, machine).states).toBe(states);
    },
    PATIENCE_MS,
  );

  it('goes where surplus comes back by hand', () => {
    expect(taken).toContain('Surplus: taken --> refunded');
  });
});
