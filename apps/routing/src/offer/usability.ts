import { methodText, type Method, type Provider } from '@hutong/domain-events';
import { mayBeSent, phaseOf, type Circuit } from '../health/circuit.js';

/** What stands against methods at this moment, whatever policies say. */
export type Usability = Readonly<{
  /** Providers, and methods as they are written, that an operator has switched off. */
  switchedOff: ReadonlySet<string>;
  /** A provider that is not in it has never failed. */
  circuits: ReadonlyMap<Provider, Circuit>;
}>;

export const EVERYTHING_USABLE: Usability = { switchedOff: new Set(), circuits: new Map() };

/** Why `method` cannot be used now; no reason means that it can. */
export function unusable(usability: Usability, method: Method, now: Date): readonly string[] {
  const { switchedOff, circuits } = usability;
  const off = [method.provider, methodText(method)].filter((target) => switchedOff.has(target));
  const circuit = circuits.get(method.provider);
  const broken =
    circuit !== undefined && !mayBeSent(circuit, now) && brokenWords(method, circuit, now);
  return [...off.map((target) => `${target} is switched off`), ...(broken ? [broken] : [])];
}

/** Whether the whole provider cannot be used now, so that others may stand in for it. */
export const isDown = (
  { switchedOff, circuits }: Usability,
  provider: Provider,
  now: Date,
): boolean => {
  const circuit = circuits.get(provider);
  return switchedOff.has(provider) || (circuit !== undefined && !mayBeSent(circuit, now));
};

/** Its circuit is open and lets one attempt through: somebody has to take that place first. */
export const isBeingTried = ({ circuits }: Usability, provider: Provider): boolean =>
  circuits.get(provider)?.state === 'open';

const brokenWords = ({ provider }: Method, circuit: Circuit, now: Date): string =>
  phaseOf(circuit, now) === 'open'
    ? `${provider} does not answer at present`
    : `${provider} is just being tried again`;
