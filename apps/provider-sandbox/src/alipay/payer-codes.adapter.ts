import { randomInt } from 'node:crypto';
import { ok, refuse, type Result } from '@hutong/result';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import { isOfUnionPay, type Wallet } from '../wallets/wallet.js';
import type { SubCode } from './refusal.js';

/** What a payer does once a shop has handed the code in. */
export type PayerReaction =
  | Readonly<{ does: 'pays' }>
  /** Is asked by the app, and has not answered yet. */
  | Readonly<{ does: 'waits' }>
  | Readonly<{ does: 'declines'; code: SubCode }>;

export type ShownCode = Readonly<{ wallet: Wallet; reaction: PayerReaction }>;

const MINUTE_MS = 60_000;
/** UnionPay's codes are another world's: their form is all that Alipay looks at. */
const UNIONPAY_CODE = /^62\d{17}$/;

/** Codes that payers show in shops: for one payment, within a minute. */
export class PayerCodes {
  private readonly shown = new Map<string, ShownCode & Readonly<{ deadlineMs: number }>>();
  private readonly used = new Set<string>();
  private readonly interoperable = new Set<string>();

  constructor(private readonly clock: SandboxClock) {}

  /** A new code: Alipay's own 18 digits from 25 to 30 on, or UnionPay's 19 that begin with 62. */
  show(code: ShownCode): string {
    const text = isOfUnionPay(code.wallet)
      ? `62${digits(17)}`
      : `${randomInt(25, 31)}${digits(16)}`;
    const deadlineMs = this.clock.moment().orderMs + MINUTE_MS;
    this.shown.set(text, { ...code, deadlineMs });
    return text;
  }

  /** Whether this merchant agreed that the users of UnionPay's apps may pay its orders with Alipay. */
  agree(sellerId: string, takes: boolean): void {
    if (takes) this.interoperable.add(sellerId);
    else this.interoperable.delete(sellerId);
  }

  accepts(sellerId: string, wallet: Wallet): boolean {
    return wallet === 'alipay' || (isOfUnionPay(wallet) && this.interoperable.has(sellerId));
  }

  /** Takes a code that was handed in, and uses it up. */
  take(code: string, sellerId: string): Result<ShownCode, 'code_unknown'> {
    const known = this.used.has(code) ? undefined : (this.shown.get(code) ?? foreign(code));
    if (known === undefined || known.deadlineMs <= this.clock.moment().orderMs) {
      return refuse('code_unknown');
    }
    if (!this.accepts(sellerId, known.wallet)) return refuse('code_unknown');
    this.used.add(code);
    return ok(known);
  }
}

const foreign = (code: string) =>
  UNIONPAY_CODE.test(code)
    ? ({ wallet: 'cloud_quickpass', reaction: { does: 'pays' }, deadlineMs: Infinity } as const)
    : undefined;

const digits = (count: number): string =>
  Array.from({ length: count }, () => randomInt(10)).join('');
