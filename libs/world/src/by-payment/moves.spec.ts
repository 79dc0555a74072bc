import { describe, expect, it } from '@jest/globals';
import { disagreementsOf, type Move, type PaymentBooks } from './moves.js';
import { ulidOf } from './read-moves.js';

const taken = (minor: bigint, number = 'A1'): Move => ({ kind: 'taken', number, minor });
const back = (minor: bigint, number = 'R1'): Move => ({ kind: 'given_back', number, minor });

const PAID: PaymentBooks = {
  paymentId: 'p',
  status: 'paid',
  asked: 100n,
  refundedByMerchant: 0n,
  moves: {
    provider: [taken(100n)],
    gateway: [taken(100n)],
    checkout: [taken(100n)],
    ledger: [taken(100n)],
  },
};
const alike = (moves: readonly Move[]): PaymentBooks['moves'] => ({
  provider: moves,
  gateway: moves.toReversed(),
  checkout: moves,
  ledger: moves.toReversed(),
});

describe('the four books of a payment', () => {
  it.each<[string, Partial<PaymentBooks>]>([
    ['paid', {}],
    ['closed, and nothing came', { status: 'closed', moves: alike([]) }],
    [
      'closed, and what came is back',
      { status: 'closed', moves: alike([taken(100n), back(100n)]) },
    ],
    [
      'paid twice, the second time back',
      { moves: alike([taken(100n), taken(101n, 'A2'), back(101n)]) },
    ],
    [
      'given back in part by the merchant',
      {
        status: 'partly_refunded',
        refundedByMerchant: 40n,
        moves: alike([taken(100n), back(40n)]),
      },
    ],
  ])('agree where it is %s', (_, over) => {
    expect(disagreementsOf({ ...PAID, ...over })).toEqual([]);
  });

  it.each<[string, Partial<PaymentBooks>, string[]]>([
    [
      'one party never heard of the money',
      { moves: { ...PAID.moves, ledger: [] } },
      [
        'taken A1: provider 100, gateway 100, checkout 100, ledger nothing',
        'ledger has 0 left where 100 should be (paid)',
      ],
    ],
    [
      'one booked it twice',
      { moves: { ...PAID.moves, ledger: [taken(100n), taken(100n)] } },
      [
        'taken A1: provider 100, gateway 100, checkout 100, ledger 100 and 100',
        'ledger has 200 left where 100 should be (paid)',
      ],
    ],
    [
      'sums agree and numbers do not',
      { moves: { ...PAID.moves, gateway: [taken(100n, 'A2')] } },
      [
        'taken A1: provider 100, gateway nothing, checkout 100, ledger 100',
        'taken A2: provider nothing, gateway 100, checkout nothing, ledger nothing',
      ],
    ],
    [
      'all agree on money that should be back',
      { status: 'closed' },
      ['provider', 'gateway', 'checkout', 'ledger'].map(
        (party) => `${party} has 100 left where 0 should be (closed)`,
      ),
    ],
  ])('are told apart where %s', (_, over, lines) => {
    expect(disagreementsOf({ ...PAID, ...over })).toEqual(lines);
  });
});

it('reads a ULID back from the form in which the ledger keeps it', () => {
  expect(ulidOf('01997a57-2f68-7d2e-9b51-3f0c8a1b2c3d')).toBe('01K5X5EBV8FMQ9PM9Z1J51PB1X');
  expect(ulidOf('00000000-0000-0000-0000-000000000001')).toBe('00000000000000000000000001');
});
