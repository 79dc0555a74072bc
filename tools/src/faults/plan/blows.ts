import type { Provider } from '@hutong/domain-events';
import { Dice, RING_SERVICES, type RingService } from '@hutong/world';

/** Something that befalls the machines. Times in milliseconds since the start of the run. */
export type Blow = Readonly<{ atMs: number }> &
  (
    | Readonly<{ kind: 'kill'; service: RingService; instance: number; downMs: number }>
    | Readonly<{ kind: 'freeze'; service: RingService; instance: number; forMs: number }>
    | Readonly<{ kind: 'cut_connections'; service: RingService }>
    | Readonly<{ kind: 'set_back_offsets'; service: RingService; backMs: number }>
    | Readonly<{ kind: 'freeze_broker'; forMs: number }>
    | Readonly<{ kind: 'kill_broker'; downMs: number }>
    | Readonly<{ kind: 'outage'; provider: Provider; calls: number }>
  );
export type BlowKind = Blow['kind'];

export const BLOW_KINDS = [
  'kill',
  'freeze',
  'cut_connections',
  'set_back_offsets',
  'freeze_broker',
  'kill_broker',
  'outage',
] as const satisfies readonly BlowKind[];

/**
 * The first blows of every run, in an order that the seed decides: the shortest has one of each. A group
 * goes back last, when there is something to hear again: whatever else strikes, that is redelivered.
 */
const firstBlows = (dice: Dice): readonly BlowKind[] => [
  ...shuffled(
    BLOW_KINDS.filter((kind) => kind !== 'set_back_offsets'),
    dice,
  ),
  'set_back_offsets',
];
/** Of those that follow, how often each comes. */
const THEN: readonly Readonly<{ kind: BlowKind; weight: number }>[] = [
  { kind: 'kill', weight: 10 },
  { kind: 'freeze', weight: 3 },
  { kind: 'cut_connections', weight: 5 },
  { kind: 'set_back_offsets', weight: 2 },
  { kind: 'freeze_broker', weight: 2 },
  { kind: 'kill_broker', weight: 1 },
  { kind: 'outage', weight: 3 },
];
const EVERY_MS = 9_000;

/** What befalls the machines within `spanMs`: one blow after another, never two at the same time. */
export function planBlows(seed: number, spanMs: number, instances: number): readonly Blow[] {
  const dice = new Dice(Math.imul(seed, 0xc2b2ae35) ^ 0x27d4eb2f);
  const first = firstBlows(dice);
  const count = Math.max(first.length, Math.floor(spanMs / EVERY_MS));
  const gapMs = (spanMs * 0.9) / count;
  const order = shuffled(RING_SERVICES, dice);
  let kills = 0;
  return Array.from({ length: count }, (_, n): Blow => {
    const kind = first[n] ?? dice.oneOf(THEN).kind;
    const atMs = Math.floor(gapMs * (n + 0.25 + dice.throw() / 2));
    // Kills go round the services, so that none is spared in a longer run.
    const service = kind === 'kill' ? order[kills++ % order.length] : undefined;
    return blowOf(kind, atMs, { dice, service, instances });
  });
}

function blowOf(
  kind: BlowKind,
  atMs: number,
  o: Readonly<{ dice: Dice; service: RingService | undefined; instances: number }>,
): Blow {
  const { dice, instances } = o;
  const service = o.service ?? oneOf(RING_SERVICES, dice);
  const instance = dice.below(instances);
  switch (kind) {
    case 'kill':
      return { kind, atMs, service, instance, downMs: dice.below(3_000) };
    case 'freeze':
      return { kind, atMs, service, instance, forMs: 1_000 + dice.below(8_000) };
    case 'cut_connections':
      return { kind, atMs, service };
    case 'set_back_offsets':
      return { kind, atMs, service, backMs: 30_000 + dice.below(60_000) };
    case 'freeze_broker':
      return { kind, atMs, forMs: 2_000 + dice.below(8_000) };
    case 'kill_broker':
      return { kind, atMs, downMs: 200 + dice.below(3_000) };
    case 'outage':
      return { kind, atMs, provider: oneOf(['wechat', 'alipay', 'unionpay'], dice), calls: 8 };
  }
}

function oneOf<T>(all: readonly T[], dice: Dice): T {
  return dice.oneOf(all.map((one) => ({ one, weight: 1 }))).one;
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(all: readonly T[], dice: Dice): readonly T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(dice.below(left.length), 1));
}
