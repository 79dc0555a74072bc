import type { Trace } from './order.js';
import { beijingDigits } from './unionpay-time.js';

const MILLION = 1_000_000;

/** UnionPay's numbers for what it does, no two the same in one world. */
export class Traces {
  private count = 0;

  next(at: Date): Trace {
    this.count += 1;
    const traceNo = (this.count % MILLION).toString().padStart(6, '0');
    const times = Math.floor(this.count / MILLION) % 10;
    return { queryId: `${beijingDigits(at)}${traceNo}${times}`, traceNo, at };
  }
}
