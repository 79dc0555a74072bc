import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsListOfTexts, IsOneOf, IsText, MayBeAbsent } from '../fields.js';
import {
  merchantId,
  payerKey,
  paymentId,
  platformId,
  type MerchantId,
  type PayerKey,
  type PaymentId,
  type PlatformId,
} from '../ids.js';
import { IsOne } from '../nested.js';
import { ANSWERS, CHANNELS, type Answer, type Channel } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsInstant, IsMoney, moneyFrom, WireMoney } from '../wire.js';

/** What the platform's server said about its payer, frozen when the payment was requested. */
export type PayerAttributes = Readonly<{
  /** Whether the payer has bound a bank card, as the platform knows. */
  hasBoundCard: Answer;
  /** Whether the payer keeps a balance to pay from, as the platform knows. */
  hasBalance: Answer;
  /** Apps on the payer's device; an app that is not in the list is not installed, no list means unknown. */
  installedApps?: readonly string[] | undefined;
}>;

/** A merchant asked to be paid for one order. From checkout, for routing; topic checkout.payments. */
export type PaymentRequested = Readonly<{
  type: 'payment.requested';
  paymentId: PaymentId;
  platform: PlatformId;
  merchantId: MerchantId;
  /** What is to be paid, to the fen. */
  amount: Money;
  channel: Channel;
  /** What is bought, as the provider's cashier shows it to the payer. At most 127 characters. */
  description: string;
  payerKey: PayerKey;
  payer: PayerAttributes;
  /** When checkout stored it: the policy in force then decides the offer. */
  requestedAt: Date;
  /** Nothing may be submitted to a provider after this moment. */
  expiresAt: Date;
}>;

class WirePayer {
  @IsOneOf(ANSWERS) hasBoundCard!: Answer;
  @IsOneOf(ANSWERS) hasBalance!: Answer;
  @MayBeAbsent() @IsListOfTexts({ min: 0, max: 32 }, 64) installedApps?: string[] | undefined;
}

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('platformId') platform!: string;
  @IsIdOf('merchantId') merchantId!: string;
  @IsMoney() amount!: WireMoney;
  @IsOneOf(CHANNELS) channel!: Channel;
  @IsText(127) description!: string;
  @IsIdOf('payerKey') payerKey!: string;
  @IsOne(() => WirePayer) payer!: WirePayer;
  @IsInstant() requestedAt!: string;
  @IsInstant() expiresAt!: string;
}

export const paymentRequested = defineEvent<PaymentRequested, V1>({
  type: 'payment.requested',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.requested',
    paymentId: paymentId(w.paymentId),
    platform: platformId(w.platform),
    merchantId: merchantId(w.merchantId),
    amount: moneyFrom(w.amount),
    channel: w.channel,
    description: w.description,
    payerKey: payerKey(w.payerKey),
    payer: { ...w.payer },
    requestedAt: new Date(w.requestedAt),
    expiresAt: new Date(w.expiresAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    platform: e.platform,
    merchantId: e.merchantId,
    amount: toMoneyWire(e.amount),
    channel: e.channel,
    description: e.description,
    payerKey: e.payerKey,
    // Member by member: whatever else the caller's object holds must not reach the wire.
    payer: {
      hasBoundCard: e.payer.hasBoundCard,
      hasBalance: e.payer.hasBalance,
      installedApps: e.payer.installedApps && [...e.payer.installedApps],
    },
    requestedAt: e.requestedAt.toISOString(),
    expiresAt: e.expiresAt.toISOString(),
  }),
});
