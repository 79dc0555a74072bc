import { isProvider, methodText, parseMethod, type Provider } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { phaseOf, type Circuit } from '../health/circuit.js';
import type { SwitchesView, SwitchTurnView } from './switch.wire.js';

/** One turn of an operator's switch: the newest of a target says whether it is off. */
export type SwitchTurn = Readonly<{
  /** A provider, or a method as it is written. */
  target: string;
  off: boolean;
  /** The name of the operator's token. */
  turnedBy: string;
  reason: string;
  turnedAt: Date;
}>;

/** What stands against providers and methods now, and how it came to be. */
export type Switches = Readonly<{
  /** The newest turn of each target that is off, by target. */
  off: readonly SwitchTurn[];
  /** Newest first. */
  turns: readonly SwitchTurn[];
  circuits: ReadonlyMap<Provider, Circuit>;
}>;

export type TargetRefusal = Readonly<{ code: 'target_unknown' }>;

/** A provider or a method: anything else would switch off nothing and look as if it had. */
export function targetFrom(text: string): Result<string, TargetRefusal> {
  if (isProvider(text)) return ok(text);
  const method = parseMethod(text);
  return method.ok ? ok(methodText(method.value)) : refuse({ code: 'target_unknown' });
}

export const switchesView = ({ off, turns, circuits }: Switches, now: Date): SwitchesView => ({
  off: off.map(turnView),
  turns: turns.map(turnView),
  circuits: [...circuits].map(([provider, circuit]) => ({
    provider,
    state: phaseOf(circuit, now),
    since: circuit.since.toISOString(),
  })),
});

export const turnView = ({ turnedAt, ...turn }: SwitchTurn): SwitchTurnView => ({
  ...turn,
  turnedAt: turnedAt.toISOString(),
});
