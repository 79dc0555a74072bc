import { randomBytes } from 'node:crypto';
import {
  merchantId,
  mintAttemptId,
  mintEventId,
  mintPaymentId,
  mintRefundId,
  payerKey,
  platformId,
  providerRef,
  type AttemptId,
  type EventId,
  type PayerKey,
  type PaymentId,
  type ProviderRef,
  type RefundId,
} from '@hutong/domain-events';
import { money } from '@hutong/money';

/** When the payments of builders are requested; what follows happens minutes later. */
export const REQUESTED_AT = new Date('2026-11-24T08:00:00.000Z');
/** ¥128.00 */
export const AMOUNT = money(12_800n, 'CNY');
export const TAOBAO = platformId('taobao');
export const MERCHANT = merchantId('m-1');

const ingredients = () => ({ at: REQUESTED_AT, random: randomBytes(16) });

/** Another one at each call, as everything here that takes an article. */
export const aPaymentId = (): PaymentId => mintPaymentId(ingredients());
export const anAttemptId = (): AttemptId => mintAttemptId(ingredients());
export const aRefundId = (): RefundId => mintRefundId(ingredients());
export const anEventId = (): EventId => mintEventId(ingredients());
export const aPayerKey = (): PayerKey => payerKey(randomBytes(16).toString('hex'));
/** As long as WeChat Pay's transaction numbers. */
export const aProviderRef = (): ProviderRef =>
  providerRef(`42${randomBytes(13).toString('hex').replaceAll(/[a-f]/g, '7')}`);

/** @param minutes after the payment was requested. */
export const after = (minutes: number): Date => new Date(REQUESTED_AT.getTime() + minutes * 60_000);

/** What a spec says of an event; the builder says the rest. */
export type Said<Event> = Partial<Omit<Event, 'type'>>;
