import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { call } from '../call.js';
import { ask } from '../database.js';
import type { Move } from './moves.js';

const ORDERS_WITHIN_MS = 60_000;

type Minor = Readonly<{ minor: string }>;

/** Of what a provider's books say of an order: which number it has, what was taken and went back. */
type OrderLine = Readonly<{
  outTradeNo?: string;
  orderId?: string;
  taken?: Minor;
  refunds?: readonly RefundLine[];
}>;
type RefundLine = Readonly<{
  outRefundNo?: string;
  outRequestNo?: string;
  orderId?: string;
  status?: string;
  state?: string;
  amount: Minor;
}>;

/** What Alipay gives back of itself when an order is cancelled that was paid: nobody else hears of the two. */
const CANCELLED = /^cancel/;

/** What one provider's own books have, of all merchants there. @param sandbox its control API */
export async function providerMoves(sandbox: URL, provider: Provider): Promise<Move[]> {
  const orders = await call<readonly OrderLine[]>(sandbox, {
    method: 'GET',
    path: `/control/${provider}/orders`,
    withinMs: ORDERS_WITHIN_MS,
  });
  return orders.flatMap(({ outTradeNo, orderId, taken, refunds = [] }): Move[] => {
    if (taken === undefined) return [];
    if (refunds.some((refund) => CANCELLED.test(numberOf(refund)))) return [];
    const arrived = refunds.filter(({ status, state }) => status === 'SUCCESS' || state === 'done');
    return [
      { kind: 'taken', number: outTradeNo ?? orderId ?? '', minor: BigInt(taken.minor) },
      ...arrived.map((refund): Move => {
        const minor = BigInt(refund.amount.minor);
        return { kind: 'given_back', number: numberOf(refund), minor };
      }),
    ];
  });
}

/** Of all providers. */
export async function allProviderMoves(sandbox: URL): Promise<Move[]> {
  return (await Promise.all(PROVIDERS.map((one) => providerMoves(sandbox, one)))).flat();
}

const numberOf = ({ outRefundNo, outRequestNo, orderId }: RefundLine): string =>
  outRefundNo ?? outRequestNo ?? orderId ?? '';

type Row = Readonly<{ kind: Move['kind']; number: string; minor: string }>;

const GATEWAY = `
  select 'taken' as kind, attempt_id as number, paid_minor::text as minor
    from attempts where paid_minor is not null
  union all
  select 'given_back', refund_id, refunded_minor::text from refunds where refunded_minor is not null`;

/** What a gateway knows for certain. @param database its address */
export const gatewayMoves = (database: string): Promise<Move[]> => read(database, GATEWAY);

const CHECKOUT = `
  select 'taken' as kind, attempt_id as number, amount_minor::text as minor from receipt
  union all
  select 'given_back', refund_id, amount_minor::text from refund where status = 'succeeded'`;

/** What checkout has decided on: payments' money and surplus. @param database its address */
export const checkoutMoves = (database: string): Promise<Move[]> => read(database, CHECKOUT);

/** Codes 1 and 3 are paid and surplus taken, 2 and 4 what went back of the two. */
const LEDGER = `
  select case when code in (1, 3) then 'taken' else 'given_back' end as kind,
         order_ref::text as number, gross::text as minor
    from ledger_event`;

/** What is booked. @param database the ledger's address */
export const ledgerMoves = async (database: string): Promise<Move[]> =>
  (await read(database, LEDGER)).map((move) => ({ ...move, number: ulidOf(move.number) }));

async function read(database: string, query: string): Promise<Move[]> {
  const rows = await ask<Row>(database, query);
  return rows.map(({ kind, number, minor }) => ({ kind, number, minor: BigInt(minor) }));
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ULID_DIGITS = 26n;

/** The ULID whose 128 bits the books keep in a UUID's form. */
export function ulidOf(uuid: string): string {
  const bits = BigInt(`0x${uuid.replaceAll('-', '')}`);
  return Array.from({ length: Number(ULID_DIGITS) }, (_, i) => {
    const shift = (ULID_DIGITS - 1n - BigInt(i)) * 5n;
    return CROCKFORD.charAt(Number((bits >> shift) & 31n));
  }).join('');
}
