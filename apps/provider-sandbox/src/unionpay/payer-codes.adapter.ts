import { randomInt } from 'node:crypto';
import { ok, refuse, type Result } from '@hutong/result';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { PayingApp } from './paying-app.js';
import type { Refusal, ResultCode } from './result-code.js';

/** What a payer does once a shop has read the code. */
export type PayerReaction =
  | Readonly<{ does: 'pays' }>
  /** Is asked by the app, and has not answered yet. */
  | Readonly<{ does: 'waits' }>
  | Readonly<{ does: 'declines'; code: ResultCode }>;

export type ShownCode = Readonly<{ app: PayingApp; reaction: PayerReaction }>;

const MINUTE_MS = 60_000;
/** What is published of Alipay's codes. They are another world's: their form is all that is looked at. */
const ALIPAY_CODE = /^(2[5-9]|30)\d{14,22}$/;

/** Codes that payers show in shops: for one payment, within a minute. */
export class PayerCodes {
  private readonly shown = new Map<string, ShownCode & Readonly<{ deadlineMs: number }>>();
  private readonly used = new Set<string>();
  private readonly interoperable = new Set<string>();

  constructor(private readonly clock: SandboxClock) {}

  /** A new code on a telephone: UnionPay's 19 digits that begin with 62, or 18 of Alipay's. */
  show(code: ShownCode): string {
    const text = code.app === 'alipay' ? `${randomInt(25, 31)}${digits(16)}` : `62${digits(17)}`;
    this.shown.set(text, { ...code, deadlineMs: this.clock.moment().orderMs + MINUTE_MS });
    return text;
  }

  /** Whether this merchant agreed that Alipay's users may pay its orders with UnionPay. */
  agree(merId: string, accepts: boolean): void {
    if (accepts) this.interoperable.add(merId);
    else this.interoperable.delete(merId);
  }

  takesAlipay = (merId: string): boolean => this.interoperable.has(merId);

  /** Reads a code in a shop, and uses it up: 88 if nobody shows it, 86 if its time is over. */
  take(qrNo: string, merId: string): Result<ShownCode, Refusal> {
    if (this.used.has(qrNo)) return refuse({ code: '86' });
    const code = this.shown.get(qrNo) ?? foreign(qrNo);
    if (code === undefined) return refuse({ code: '88' });
    if (code.app === 'alipay' && !this.takesAlipay(merId)) return refuse({ code: '88' });
    if (code.deadlineMs <= this.clock.moment().orderMs) return refuse({ code: '86' });
    this.used.add(qrNo);
    return ok(code);
  }
}

const foreign = (qrNo: string) =>
  ALIPAY_CODE.test(qrNo)
    ? { app: 'alipay' as const, reaction: { does: 'pays' as const }, deadlineMs: Infinity }
    : undefined;

const digits = (count: number): string =>
  Array.from({ length: count }, () => randomInt(10)).join('');
