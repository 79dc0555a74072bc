import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf, IsText, MayBeAbsent } from '../fields.js';
import {
  attemptId,
  merchantId,
  paymentId,
  platformId,
  type AttemptId,
  type MerchantId,
  type PaymentId,
  type PlatformId,
} from '../ids.js';
import { methodText, type Method } from '../method.js';
import { CHANNELS, type Channel } from '../reasons.js';
import { Versions } from '../versions.js';
import {
  IsIdOf,
  IsInstant,
  IsMethodText,
  IsMoney,
  IsReturnUrl,
  IsSealed,
  methodFrom,
  moneyFrom,
  WireMoney,
} from '../wire.js';

/** Command: open an order at the provider. From routing, for one gateway; topic gateway.<provider>. */
export type AttemptRequested = Readonly<{
  type: 'attempt.requested';
  paymentId: PaymentId;
  attemptId: AttemptId;
  platform: PlatformId;
  merchantId: MerchantId;
  method: Method;
  /** What the payer is to pay. */
  amount: Money;
  /** What is bought, as the provider's cashier shows it. */
  description: string;
  /** Where whoever pays is: `web` is a computer's browser, and a link is opened on a telephone (`app`). */
  channel: Channel;
  /** The payment's deadline: the order at the provider expires then, or at the provider's minimum. */
  expiresAt: Date;
  /** Not submitted by then, it never will be: the gateway answers `attempt.failed` (`not_submitted` or `provider_down`). */
  notAfter: Date;
  /** Where the provider sends the payer's browser afterwards. */
  returnUrl?: string | undefined;
  /** Compact JWE to this gateway; deleted after submitting. */
  sealedPayer?: string | undefined;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsIdOf('platformId') platform!: string;
  @IsIdOf('merchantId') merchantId!: string;
  @IsMethodText() method!: string;
  @IsMoney() amount!: WireMoney;
  @IsText(127) description!: string;
  @IsOneOf(CHANNELS) channel!: Channel;
  @IsInstant() expiresAt!: string;
  @IsInstant() notAfter!: string;
  @MayBeAbsent() @IsReturnUrl() returnUrl?: string | undefined;
  @MayBeAbsent() @IsSealed() sealedPayer?: string | undefined;
}

export const attemptRequested = defineEvent<AttemptRequested, V1>({
  type: 'attempt.requested',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.requested',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    platform: platformId(w.platform),
    merchantId: merchantId(w.merchantId),
    method: methodFrom(w.method),
    amount: moneyFrom(w.amount),
    description: w.description,
    channel: w.channel,
    expiresAt: new Date(w.expiresAt),
    notAfter: new Date(w.notAfter),
    returnUrl: w.returnUrl,
    sealedPayer: w.sealedPayer,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    platform: e.platform,
    merchantId: e.merchantId,
    method: methodText(e.method),
    amount: toMoneyWire(e.amount),
    description: e.description,
    channel: e.channel,
    expiresAt: e.expiresAt.toISOString(),
    notAfter: e.notAfter.toISOString(),
    returnUrl: e.returnUrl,
    sealedPayer: e.sealedPayer,
  }),
});
