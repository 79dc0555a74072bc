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
}>;

/** Where a fault might strike. */
export type Occasion = Readonly<{ provider: string; call: string; outTradeNo: string | undefined }>;

/** Faults that are waiting for their call, in the order in which they were asked for. */
export class Faults {
  private armed: readonly Fault[] = [];

  arm(fault: Fault): void {
    this.armed = [...this.armed, fault];
  }

  list(): readonly Fault[] {
    return this.armed;
  }

  clear(): void {
    this.armed = [];
  }

  /** The first that fits, used up by one. At most one strikes a call. */
  take(occasion: Occasion): Fault | undefined {
    const struck = this.armed.find((fault) => fits(fault, occasion));
    this.armed = this.armed.flatMap((fault) => (fault === struck ? usedOnce(fault) : [fault]));
    return struck;
  }
}

const fits = (fault: Fault, { provider, call, outTradeNo }: Occasion): boolean =>
  fault.provider === provider &&
  fault.call === call &&
  (fault.outTradeNo === undefined || fault.outTradeNo === outTradeNo);

const usedOnce = (fault: Fault): Fault[] =>
  fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
