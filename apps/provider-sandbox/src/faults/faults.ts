import { strikes, type Odds } from './odds.js';

/** What may go wrong, one thing at a time. Which kinds a call knows is its provider's to say. */
export type Fault = Readonly<{
  provider: string;
  call: string;
  fault: string;
  /** How often it still strikes. */
  times: number;
  /** For the kinds that wait. Real milliseconds, whatever the clock's scale. */
  delayMs: number;
  /** The error of `refuse`. */
  code: string | undefined;
  /** Strikes this order only. */
  outTradeNo: string | undefined;
  /** Strikes by chance, the same way for the same seed; otherwise every occasion. */
  odds: Odds | undefined;
}>;

/** A fault, and how many occasions its dice have decided. */
type Armed = Readonly<{ fault: Fault; rolls: number }>;

/** Where a fault might strike. */
export type Occasion = Readonly<{ provider: string; call: string; outTradeNo: string | undefined }>;

/** Faults that are waiting for their call, in the order in which they were asked for. */
export class Faults {
  private armed: readonly Armed[] = [];

  arm(fault: Fault): void {
    this.armed = [...this.armed, { fault, rolls: 0 }];
  }

  list(): readonly Fault[] {
    return this.armed.map(({ fault }) => fault);
  }

  clear(): void {
    this.armed = [];
  }

  /** The first that fits and whose odds say so, used up by one. At most one strikes a call. */
  take(occasion: Occasion): Fault | undefined {
    let struck: Fault | undefined;
    this.armed = this.armed.flatMap((armed) => {
      if (struck !== undefined || !fits(armed.fault, occasion)) return [armed];
      const rolled = { ...armed, rolls: armed.rolls + 1 };
      if (!strikes(armed.fault.odds, armed.rolls)) return [rolled];
      struck = armed.fault;
      return usedOnce(rolled);
    });
    return struck;
  }
}

const fits = (fault: Fault, { provider, call, outTradeNo }: Occasion): boolean =>
  fault.provider === provider &&
  fault.call === call &&
  (fault.outTradeNo === undefined || fault.outTradeNo === outTradeNo);

const usedOnce = ({ fault, rolls }: Armed): Armed[] =>
  fault.times > 1 ? [{ fault: { ...fault, times: fault.times - 1 }, rolls }] : [];
