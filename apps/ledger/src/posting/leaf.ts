import type {
  AttemptFacts,
  Instrument,
  PlatformId,
  Presentation,
  Provider,
} from '@hutong/domain-events';
import type { InstrumentKind } from './codes.js';

/** The finest cell of volume: where it was bought, who took the money, whose app paid, and how. */
export type Leaf = Readonly<{
  platform: PlatformId;
  provider: Provider;
  instrument: InstrumentKind;
  presentation: Presentation;
}>;

export const leafOf = (platform: PlatformId, attempt: AttemptFacts): Leaf => ({
  platform,
  provider: attempt.provider,
  instrument: instrumentKind(attempt.instrument),
  presentation: attempt.presentation,
});

/** The instrument without its bank. */
export function instrumentKind(instrument: Instrument): InstrumentKind {
  switch (instrument) {
    case 'wechat_pay':
    case 'alipay':
    case 'cloud_quickpass':
      return instrument;
    default:
      return 'bank_app'; // the one open member of the union: bank_app:<code>
  }
}

/** What adoption may be asked of: an instrument, UnionPay's two together, or any. */
export const ADOPTION_INSTRUMENTS = [
  'any',
  'wechat_pay',
  'alipay',
  'unionpay',
  'cloud_quickpass',
  'bank_app',
] as const;
export type AdoptionInstrument = (typeof ADOPTION_INSTRUMENTS)[number];

/** The instruments that make somebody a user of it, whoever took the money. */
export function kindsOf(asked: AdoptionInstrument): readonly InstrumentKind[] {
  switch (asked) {
    case 'any':
      return ['wechat_pay', 'alipay', 'cloud_quickpass', 'bank_app'];
    case 'unionpay':
      return ['cloud_quickpass', 'bank_app'];
    case 'wechat_pay':
    case 'alipay':
    case 'cloud_quickpass':
    case 'bank_app':
      return [asked];
  }
}
