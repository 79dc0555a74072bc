import { MANY_CHANCES, planChances, injuryOf, INJURIES, type Injury } from './plan/chances.js';
import type { SandboxControl, WaitingFault, WorldFault } from '@hutong/world';

/** How often what went wrong at the sandbox. */
export type Struck = Readonly<Record<Injury, number>>;

/** The faults of a run: armed by chance at its beginning, and for single orders as they come. */
export class Injuries {
  private readonly byInjury = new Map<Injury, number>(INJURIES.map((injury) => [injury, 0]));
  /** Orders for which something was armed. */
  private readonly orders: string[] = [];

  constructor(private readonly sandbox: SandboxControl) {}

  async begin(seed: number): Promise<void> {
    for (const chance of planChances(seed)) {
      await this.sandbox.arm({ ...chance, times: MANY_CHANCES });
    }
  }

  /** Something that is to go wrong with one order. */
  async forOrder(fault: OneOrder): Promise<void> {
    await this.sandbox.arm(fault);
    this.add(fault.fault, 1);
    this.orders.push(`${fault.fault} ${fault.outTradeNo}`);
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

  /** What has struck in all; what still waits for an order of this run will not. */
  async struck(): Promise<Struck> {
    for (const { fault, outTradeNo } of await this.sandbox.waiting()) {
      if (this.orders.includes(`${fault} ${outTradeNo}`)) this.add(fault, -1);
    }
    return Object.fromEntries(this.byInjury) as Struck;
  }

  private add(fault: string, times: number): void {
    const injury = injuryOf(fault);
    this.byInjury.set(injury, (this.byInjury.get(injury) ?? 0) + times);
  }
}

type OneOrder = WorldFault & Readonly<{ outTradeNo: string }>;

const oneOrder = (
  { provider, call, fault, times, delayMs }: Omit<WaitingFault, 'outTradeNo'>,
  outTradeNo: string,
): OneOrder => ({ provider, call, fault, times, delayMs, outTradeNo });
