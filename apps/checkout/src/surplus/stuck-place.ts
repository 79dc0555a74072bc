import {
  idPatterns,
  isProvider,
  paymentId,
  PROVIDERS,
  providerRef,
  type PaymentId,
} from '@hutong/domain-events';
import type { MoneyName } from '../payment/receipt.js';

/**
 * Where surplus stands in the operators' queue: by the time since when it is stuck, then by its payment and
 * its name. It says so by itself, so that what comes after it can be asked for when it has gone.
 */
export type StuckPlace = MoneyName & Readonly<{ since: Date; paymentId: PaymentId }>;

const bare = ({ source }: RegExp): string => source.replace(/^\^|\$$/g, '');

/** Milliseconds since 1970, payment, provider and its number, parted by dots: no part has one in it. */
export const STUCK_PLACE = new RegExp(
  `^(\\d{13})\\.(${bare(idPatterns.paymentId)})\\.(${PROVIDERS.join('|')})\\.(${bare(idPatterns.providerRef)})$`,
);

export const placeText = (at: StuckPlace): string =>
  [at.since.getTime(), at.paymentId, at.provider, at.providerRef].join('.');

/** @throws RangeError if the text is not like `STUCK_PLACE`. */
export function placeFrom(text: string): StuckPlace {
  const [, sinceMs = '', payment = '', provider = '', ref = ''] = STUCK_PLACE.exec(text) ?? [];
  if (!isProvider(provider)) throw new RangeError('not a place among stuck surplus');
  return {
    since: new Date(Number(sinceMs)),
    paymentId: paymentId(payment),
    provider,
    providerRef: providerRef(ref),
  };
}
