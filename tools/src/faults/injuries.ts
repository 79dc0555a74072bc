import { MANY_CHANCES, planChances, injuryOf, INJURIES, type Injury } from './plan/chances.js';
import type { SandboxControl, WaitingFault } from '@hutong/world';
import type { Counts } from './counts.js';

/** How often what went wrong at the sandbox. */
export type Struck = Readonly<Record<Injury, number>>;

/** The faults of a run: armed by chance at its beginning, and for single orders as they come. */
export class Injuries {
  private readonly byFault = new Map<string, number>();

  constructor(
    private readonly sandbox: SandboxControl,
    /** Of what was armed for single orders: `armed: <fault>`. */
    private readonly counts: Counts,
  ) {}

  async begin(seed: number): Promise<void> {
    for (const chance of planChances(seed)) {
      await this.sandbox.arm({ ...chance, times: MANY_CHANCES });
    }
  }

  /** No more by chance; what waits for an order goes on waiting. */
  async calm(): Promise<void> {
    const waiting = await this.sandbox.waiting();
    await this.sandbox.disarm();
    for (const { odds, outTradeNo, ...fault } of waiting) {
      if (odds !== undefined) this.add(fault.fault, MANY_CHANCES - fault.times);
      else if (outTradeNo !== undefined) await this.sandbox.arm(oneOrder(fault, outTradeNo));
    }
  }

  /** What has struck in all; what still waits for an order will not. */
  async struck(): Promise<Struck> {
    for (const { fault, outTradeNo } of await this.sandbox.waiting()) {
      if (outTradeNo !== undefined) this.add(fault, -1);
    }
    await this.sandbox.disarm();
    for (const [name, times] of Object.entries(this.counts.all())) {
      if (name.startsWith(ARMED)) this.add(name.slice(ARMED.length), times);
    }
    const byInjury = new Map<Injury, number>(INJURIES.map((injury) => [injury, 0]));
    for (const [fault, times] of this.byFault) {
      const injury = injuryOf(fault);
      byInjury.set(injury, (byInjury.get(injury) ?? 0) + times);
    }
    return Object.fromEntries(byInjury) as Struck;
  }

  private add(fault: string, times: number): void {
    this.byFault.set(fault, (this.byFault.get(fault) ?? 0) + times);
  }
}

const ARMED = 'armed: ';

const oneOrder = (
  { provider, call, fault, times, delayMs }: Omit<WaitingFault, 'outTradeNo'>,
  outTradeNo: string,
) => ({ provider, call, fault, times, delayMs, outTradeNo });
