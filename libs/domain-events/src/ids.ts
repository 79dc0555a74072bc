import type { Brand } from '@hutong/money';

/** UUIDv7, lower case: one order to be paid once. The key of every money topic. */
export type PaymentId = Brand<string, 'PaymentId'>;
/** 26-character ULID, upper case: one try with one method. It is the order number at the provider. */
export type AttemptId = Brand<string, 'AttemptId'>;
/** 26-character ULID, upper case: one try to give money back. It is the refund number at the provider. */
export type RefundId = Brand<string, 'RefundId'>;
/** UUIDv7 made when the fact is stored; survives retries and redrive, so inboxes remember it. */
export type EventId = Brand<string, 'EventId'>;
/** Where something is bought: `taobao`, `jd`, … An open slug: adding one is data, not a deploy. */
export type PlatformId = Brand<string, 'PlatformId'>;
/** Who sells. Belongs to its platform: the same text on two platforms is two merchants. */
export type MerchantId = Brand<string, 'MerchantId'>;
/** 128 bits of a keyed hash over platform and user id, 32 lower-case hex digits. */
export type PayerKey = Brand<string, 'PayerKey'>;
/** The provider's own number for money that it took or gave back. */
export type ProviderRef = Brand<string, 'ProviderRef'>;
/** A bank's code in a `bank_app` method or instrument. */
export type BankCode = Brand<string, 'BankCode'>;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The shape of each id on every wire; `wire.ts` checks events against the same patterns. */
export const idPatterns = {
  paymentId: UUID_V7,
  eventId: UUID_V7,
  attemptId: ULID,
  refundId: ULID,
  platformId: /^[a-z][a-z0-9_]{1,31}$/,
  merchantId: /^[0-9A-Za-z_-]{1,64}$/,
  payerKey: /^[0-9a-f]{32}$/,
  providerRef: /^[0-9A-Za-z_-]{1,64}$/,
  bankCode: /^[0-9A-Za-z]{1,16}$/,
} as const;

/** A constructor that checks the pattern. @throws RangeError naming the kind, never the value. */
const idOf =
  <Id extends string>(kind: keyof typeof idPatterns) =>
  (text: string): Id => {
    if (!idPatterns[kind].test(text)) throw new RangeError(`not a ${kind}`);
    return text as Id;
  };

export const paymentId = idOf<PaymentId>('paymentId');
export const attemptId = idOf<AttemptId>('attemptId');
export const refundId = idOf<RefundId>('refundId');
export const eventId = idOf<EventId>('eventId');
export const platformId = idOf<PlatformId>('platformId');
export const merchantId = idOf<MerchantId>('merchantId');
export const payerKey = idOf<PayerKey>('payerKey');
export const providerRef = idOf<ProviderRef>('providerRef');
export const bankCode = idOf<BankCode>('bankCode');

/** Whether `text` has the shape of that id, for wires that answer instead of throwing. */
export const isId = (kind: keyof typeof idPatterns, text: string): boolean =>
  idPatterns[kind].test(text);
