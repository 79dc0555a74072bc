import { defineEvent } from '../define-event.js';
import { IsOneOf, IsTextLike } from '../fields.js';
import { PROVIDERS, type Provider } from '../method.js';
import { Versions } from '../versions.js';
import { IsCalendarDay } from '../wire.js';

/**
 * A provider's bill of one day lies ready at its gateway. From the gateways, for the ledger; topic
 * provider.bills, the one topic that is keyed by provider and day instead of a payment. Planned: nobody
 * writes or hears it yet.
 */
export type BillAvailable = Readonly<{
  type: 'bill.available';
  provider: Provider;
  /** Calendar day in Beijing, `2026-11-24`. */
  day: string;
  /** SHA-256 of the bill's bytes, lower-case hex. */
  sha256: string;
}>;

class V1 {
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsCalendarDay() day!: string;
  @IsTextLike(/^[0-9a-f]{64}$/, '64 lower-case hex digits') sha256!: string;
}

export const billAvailable = defineEvent<BillAvailable, V1>({
  type: 'bill.available',
  versions: Versions.first(V1),
  fromWire: (w) => ({ type: 'bill.available', provider: w.provider, day: w.day, sha256: w.sha256 }),
  toWire: (e) => ({ provider: e.provider, day: e.day, sha256: e.sha256 }),
});
