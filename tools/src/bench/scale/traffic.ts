import { setTimeout as pause } from 'node:timers/promises';
import { PROVIDERS, type Provider } from '@hutong/domain-events';
import type { Traveller } from '../load/journey.js';
import { Endings } from './endings.js';

export type TrafficSize = Readonly<{
  /** Payments of the provider whose gateway is scaled: so many at a time, each anew. */
  atOnce: number;
  /** One payment of the others, in turns, begins after each such time. */
  othersEveryMs: number;
}>;

export type Traffic = AsyncDisposable & Readonly<{ scaled: Endings; others: Endings }>;

/** Payments of all providers until it is disposed; then those under way go on to their end. */
export function startTraffic(
  traveller: Traveller,
  scaled: Provider,
  { atOnce, othersEveryMs }: TrafficSize,
  note: (line: string) => void,
): Traffic {
  const others = PROVIDERS.filter((provider) => provider !== scaled);
  const endings = { scaled: new Endings(), others: new Endings() };
  let over = false;
  const pay = async (provider: Provider): Promise<void> => {
    try {
      const journey = await traveller.travel(provider);
      endings[provider === scaled ? 'scaled' : 'others'].add(performance.now(), journey);
    } catch (cause) {
      note(`${provider}: ${cause instanceof Error ? cause.message : String(cause)}`);
      await pause(othersEveryMs);
    }
  };
  const anew = async (): Promise<void> => {
    while (!over) await pay(scaled);
  };
  const steadily = async (): Promise<void> => {
    const underWay: Promise<void>[] = [];
    for (let n = 0; !over; n += 1) {
      underWay.push(pay(others[n % others.length] ?? scaled));
      await pause(othersEveryMs);
    }
    await Promise.all(underWay);
  };
  const all = Promise.all([steadily(), ...Array.from({ length: atOnce }, anew)]);
  return {
    ...endings,
    [Symbol.asyncDispose]: async () => {
      over = true;
      await all;
    },
  };
}
