import { IsFlag, IsOneOf } from '../fields.js';
import {
  attemptId,
  merchantId,
  payerKey,
  platformId,
  type AttemptId,
  type MerchantId,
  type PayerKey,
  type PlatformId,
} from '../ids.js';
import {
  PRESENTATIONS,
  PROVIDERS,
  type Instrument,
  type Presentation,
  type Provider,
} from '../method.js';
import { IsIdOf, IsInstant, IsInstrumentText } from '../wire.js';

/** Whose payment it is. Every outcome carries it, because whoever hears outcomes has no other source. */
export type PaymentFacts = Readonly<{
  platform: PlatformId;
  merchantId: MerchantId;
  payerKey: PayerKey;
  /** When the platform asked for the payment. */
  requestedAt: Date;
}>;

/** Through whom it was paid, or tried. */
export type AttemptFacts = Readonly<{
  attemptId: AttemptId;
  provider: Provider;
  /** The app that paid where money moved; the one that was offered where none did. */
  instrument: Instrument;
  presentation: Presentation;
  /** True when somebody other than the buyer paid, through a shared link. */
  paidByAnother: boolean;
}>;

export class WirePaymentFacts {
  @IsIdOf('platformId') platform!: string;
  @IsIdOf('merchantId') merchantId!: string;
  @IsIdOf('payerKey') payerKey!: string;
  @IsInstant() requestedAt!: string;
}

export class WireAttemptFacts {
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsInstrumentText() instrument!: Instrument;
  @IsOneOf(PRESENTATIONS) presentation!: Presentation;
  @IsFlag() paidByAnother!: boolean;
}

export const paymentFactsFrom = (w: WirePaymentFacts): PaymentFacts => ({
  platform: platformId(w.platform),
  merchantId: merchantId(w.merchantId),
  payerKey: payerKey(w.payerKey),
  requestedAt: new Date(w.requestedAt),
});

export const paymentFactsToWire = (f: PaymentFacts): WirePaymentFacts => ({
  platform: f.platform,
  merchantId: f.merchantId,
  payerKey: f.payerKey,
  requestedAt: f.requestedAt.toISOString(),
});

export const attemptFactsFrom = (w: WireAttemptFacts): AttemptFacts => ({
  attemptId: attemptId(w.attemptId),
  provider: w.provider,
  instrument: w.instrument,
  presentation: w.presentation,
  paidByAnother: w.paidByAnother,
});

export const attemptFactsToWire = (f: AttemptFacts): WireAttemptFacts => ({
  attemptId: f.attemptId,
  provider: f.provider,
  instrument: f.instrument,
  presentation: f.presentation,
  paidByAnother: f.paidByAnother,
});
