import { setTimeout as pause } from 'node:timers/promises';

/** What is told of an order: of its payment or of one of its refunds. */
type OfOrder = Readonly<{ id: string; outTradeNo: string }>;

type Held = Readonly<{ id: string; go: () => void }>;

/** Tries that wait until something else of their order was sent, so that it arrives before them. */
export class HeldTries {
  private readonly byOrder = new Map<string, Set<Held>>();

  /** Resolves once another one of its order was sent, or after `mostMs`. @throws if `signal` aborts. */
  async behindAnother(
    { id, outTradeNo }: OfOrder,
    { mostMs, signal }: Readonly<{ mostMs: number; signal: AbortSignal }>,
  ): Promise<void> {
    const { promise, resolve: go } = Promise.withResolvers<void>();
    const all = this.byOrder.get(outTradeNo) ?? new Set();
    const held = { id, go };
    this.byOrder.set(outTradeNo, all.add(held));
    const enough = new AbortController();
    try {
      const longest = pause(mostMs, undefined, {
        signal: AbortSignal.any([signal, enough.signal]),
      });
      await Promise.race([promise, longest]);
    } finally {
      enough.abort();
      all.delete(held);
      if (all.size === 0) this.byOrder.delete(outTradeNo);
    }
  }

  /** One was sent and answered: those of its order that wait for that go. */
  letGo({ id, outTradeNo }: OfOrder): void {
    for (const held of this.byOrder.get(outTradeNo) ?? []) if (held.id !== id) held.go();
  }
}
