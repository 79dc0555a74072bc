import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsFlag, IsOneOf } from '../fields.js';
import {
  attemptId,
  paymentId,
  providerRef,
  type AttemptId,
  type PaymentId,
  type ProviderRef,
} from '../ids.js';
import { PROVIDERS, type Instrument, type Provider } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsInstant, IsInstrumentText, IsMoney, moneyFrom, WireMoney } from '../wire.js';

/** The provider took the money: verified, final. From the gateways, for checkout and routing; topic gateway.reports. */
export type AttemptSucceeded = Readonly<{
  type: 'attempt.succeeded';
  paymentId: PaymentId;
  attemptId: AttemptId;
  provider: Provider;
  /** Whose app paid: known only now. */
  instrument: Instrument;
  /** What the provider took, as it says itself: whether that is what was asked, checkout decides. */
  amount: Money;
  /** The provider's own number for it. */
  providerRef: ProviderRef;
  /** When it happened at the provider. */
  paidAt: Date;
  /** The attempt had been closed or failed before, or its time was over at the provider: the money was taken all the same. */
  late: boolean;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsInstrumentText() instrument!: Instrument;
  @IsMoney() amount!: WireMoney;
  @IsIdOf('providerRef') providerRef!: string;
  @IsInstant() paidAt!: string;
  @IsFlag() late!: boolean;
}

export const attemptSucceeded = defineEvent<AttemptSucceeded, V1>({
  type: 'attempt.succeeded',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.succeeded',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    provider: w.provider,
    instrument: w.instrument,
    amount: moneyFrom(w.amount),
    providerRef: providerRef(w.providerRef),
    paidAt: new Date(w.paidAt),
    late: w.late,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    provider: e.provider,
    instrument: e.instrument,
    amount: toMoneyWire(e.amount),
    providerRef: e.providerRef,
    paidAt: e.paidAt.toISOString(),
    late: e.late,
  }),
});
