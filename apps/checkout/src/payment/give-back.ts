import type { RefundId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { MovedPayment, Payment } from './payment.js';
import { sameMoney, type MoneyName } from './receipt.js';
import { giveBack, type GiveBackCause, type GiveBackRefusal } from './surplus.js';

export type SurplusUnknown = Readonly<{ code: 'surplus_unknown' }>;

export type GivingBack = Readonly<{
  money: MoneyName;
  cause: GiveBackCause;
  refundId: RefundId;
  now: Date;
}>;

/** The payment with one more try to give one of its surpluses back. */
export function giveSurplusBack(
  p: Payment,
  { money, cause, ...asked }: GivingBack,
): Result<MovedPayment, GiveBackRefusal | SurplusUnknown> {
  const found = p.status === 'requested' ? undefined : p.surplus.find((s) => sameMoney(s, money));
  if (p.status === 'requested' || found === undefined) return refuse({ code: 'surplus_unknown' });
  const given = giveBack(found, cause, asked);
  if (!given.ok) return given;
  return ok({ ...p, surplus: p.surplus.map((s) => (s === found ? given.value : s)) });
}
