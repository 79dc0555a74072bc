import { gatewayService, PROVIDERS } from '@hutong/domain-events';
import { ask } from '../database.js';
import type { Ring } from '../ring.js';
import { disagreementsOf, PARTIES, type Move, type Party, type PaymentBooks } from './moves.js';
import { allProviderMoves, checkoutMoves, gatewayMoves, ledgerMoves } from './read-moves.js';

/** A payment whose four books are not alike, and what of them. */
export type Difference = Readonly<{ books: PaymentBooks; lines: readonly string[] }>;

/** What came of comparing all payments of a ring. */
export type Comparison = Readonly<{
  /** All payments that checkout has, those without money included. */
  payments: readonly PaymentBooks[];
  /** How many of them moved money. */
  withMoney: number;
  differing: readonly Difference[];
  /** Money under a number that checkout gave to nobody. */
  strays: readonly Readonly<{ party: Party; move: Move }>[];
}>;

type RingBooks = Pick<Ring, 'databaseOf' | 'sandbox'>;

/**
 * The four books, payment by payment: what the providers took and gave back, what gateways know of it,
 * what checkout decided and what the ledger has booked, number by number and to the fen; and that what is
 * left of each is what should be. Only of a ring at rest: what is under way is a difference too.
 */
export async function comparePayments(ring: RingBooks): Promise<Comparison> {
  const checkout = ring.databaseOf('checkout');
  const [payments, numbers, provider, gateways, decided, ledger] = await Promise.all([
    ask<PaymentRow>(checkout, PAYMENTS),
    ask<NumberRow>(checkout, NUMBERS),
    allProviderMoves(ring.sandbox),
    Promise.all(PROVIDERS.map((one) => gatewayMoves(ring.databaseOf(gatewayService[one])))),
    checkoutMoves(checkout),
    ledgerMoves(ring.databaseOf('ledger')),
  ]);
  const paymentOf = new Map(numbers.map(({ number, payment }) => [number, payment]));
  const all = { provider, gateway: gateways.flat(), checkout: decided, ledger };
  const grouped = mapParties((party) =>
    Map.groupBy(all[party], ({ number }) => paymentOf.get(number)),
  );
  const compared = payments.map(({ payment, status, asked, refunded }): PaymentBooks => ({
    paymentId: payment,
    status,
    asked: BigInt(asked),
    refundedByMerchant: BigInt(refunded),
    moves: mapParties((party) => grouped[party].get(payment) ?? []),
  }));
  const judged = compared.map((books) => ({ books, lines: disagreementsOf(books) }));
  return {
    payments: compared,
    withMoney: compared.filter(({ moves }) => moves.provider.length > 0).length,
    differing: judged.filter(({ lines }) => lines.length > 0),
    strays: PARTIES.flatMap((party) =>
      (grouped[party].get(undefined) ?? []).map((move) => ({ party, move })),
    ),
  };
}

/** One line for everything that is not as it should be. */
export const printDifferences = ({ differing, strays }: Comparison): string[] => [
  ...differing.flatMap(({ books, lines }) => lines.map((line) => `${books.paymentId}: ${line}`)),
  ...strays.map(({ party, move }) => `${party} has ${move.kind} ${move.number} of no payment`),
];

type PaymentRow = Readonly<{ payment: string; status: string; asked: string; refunded: string }>;
type NumberRow = Readonly<{ number: string; payment: string }>;

const PAYMENTS = `
  select p.payment_id::text as payment, p.status, p.amount_minor::text as asked,
         (select coalesce(sum(f.amount_minor), 0)::text
            from refund f
            join receipt r on r.payment_id = f.payment_id and r.provider = f.provider
                          and r.provider_ref = f.receipt_ref
           where f.payment_id = p.payment_id and f.status = 'succeeded'
             and r.surplus_reason is null) as refunded
    from payment p order by p.requested_at`;

const NUMBERS = `
  select attempt_id as number, payment_id::text as payment from attempt
  union all
  select refund_id, payment_id::text from refund`;

const mapParties = <T>(of: (party: Party) => T): Record<Party, T> => ({
  provider: of('provider'),
  gateway: of('gateway'),
  checkout: of('checkout'),
  ledger: of('ledger'),
});
