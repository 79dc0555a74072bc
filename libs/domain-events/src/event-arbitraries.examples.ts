import { CURRENCIES, money } from '@hutong/money';
import fc, { type Arbitrary } from 'fast-check';
import type { Action } from './action.js';
import type { DomainEvent } from './domain-event.js';
import {
  attemptId,
  bankCode,
  idPatterns,
  merchantId,
  payerKey,
  paymentId,
  platformId,
  providerRef,
  refundId,
} from './ids.js';
import { PRESENTATIONS, PROVIDERS, type Instrument } from './method.js';
import { ANSWERS, CHANNELS, CLOSE_REASONS, FAILURE_REASONS, SURPLUS_REASONS } from './reasons.js';

const idOf = <Id>(kind: keyof typeof idPatterns, made: (text: string) => Id): Arbitrary<Id> =>
  fc.stringMatching(idPatterns[kind]).map(made);
const ids = {
  paymentId: idOf('paymentId', paymentId),
  attemptId: idOf('attemptId', attemptId),
  refundId: idOf('refundId', refundId),
};
const ref = idOf('providerRef', providerRef);

const moment = fc.date({
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const amount = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), fc.constantFrom(...CURRENCIES))
  .map(([minor, currency]) => money(minor, currency));
/** Every kind of character that JSON, UTF-8 or a careless length treats in its own way. */
const text = (max: number) =>
  fc.string({
    unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '\u0000', '\u2028', '茶', '🍵', '%', '<'),
    minLength: 1,
    maxLength: max,
  });
const maybe = <T>(some: Arbitrary<T>) => fc.option(some, { nil: undefined });

const provider = fc.constantFrom(...PROVIDERS);
const instrument: Arbitrary<Instrument> = fc.oneof(
  fc.constantFrom('wechat_pay' as const, 'alipay' as const, 'cloud_quickpass' as const),
  idOf('bankCode', bankCode).map((code): Instrument => `bank_app:${code}`),
);
const method = fc.record({ provider, instrument, presentation: fc.constantFrom(...PRESENTATIONS) });
const offer = fc.integer({ min: 1, max: 2_147_483_647 });
const returnUrl = maybe(fc.webUrl({ withQueryParameters: true }));
const part = (max: number) => fc.stringMatching(new RegExp(`^[\\w-]{1,${max}}$`));
const sealedPayer = maybe(
  fc.tuple(part(40), part(8), part(16), part(60), part(22)).map((parts) => parts.join('.')),
);
const reasons = fc.array(text(200), { minLength: 1, maxLength: 16 });
const refused = fc.array(fc.record({ method, reasons }), { maxLength: 4 });
const failure = fc.constantFrom(...FAILURE_REASONS);
const closing = fc.constantFrom(...CLOSE_REASONS);

const seller = {
  platform: idOf('platformId', platformId),
  merchantId: idOf('merchantId', merchantId),
};
const sold = { description: text(127), channel: fc.constantFrom(...CHANNELS), expiresAt: moment };
const payer = idOf('payerKey', payerKey);
const payment = fc.record({ ...seller, payerKey: payer, requestedAt: moment });
const attempt = fc.record({
  attemptId: ids.attemptId,
  provider,
  instrument,
  presentation: fc.constantFrom(...PRESENTATIONS),
  paidByAnother: fc.boolean(),
});

const name = fc.oneof(text(20), fc.constantFrom('appid', 'constructor', 'toString', 'then'));
const parameters = fc.dictionary(name, fc.string(), { maxKeys: 32, noNullPrototype: true });
const action: Arbitrary<Action> = fc.oneof(
  fc.record({ type: fc.constant('qr' as const), content: text(2048), validUntil: moment }),
  fc.record({ type: fc.constant('redirect' as const), url: text(4096), validUntil: moment }),
  fc.record({
    type: fc.constantFrom('app' as const, 'mini_program' as const),
    parameters,
    validUntil: moment,
  }),
  fc.record({ type: fc.constant('wait' as const), validUntil: moment }),
);

const payments = { paymentId: ids.paymentId };
const attempts = { ...payments, attemptId: ids.attemptId };
const refunds = { ...attempts, refundId: ids.refundId };
const outcomes = { ...payments, payment, attempt, amount, occurredAt: moment };

const event = <const T extends string, F extends object>(
  type: T,
  fields: { [K in keyof F]: Arbitrary<F[K]> },
): Arbitrary<F & { type: T }> => fc.record<F>(fields).map((made) => ({ ...made, type }));

/** Any event of each type, with every field anywhere in what its type allows. */
export const anyOf: {
  readonly [T in DomainEvent['type']]: Arbitrary<Extract<DomainEvent, { type: T }>>;
} = {
  'payment.requested': event('payment.requested', {
    ...payments,
    ...seller,
    ...sold,
    amount,
    payerKey: payer,
    payer: fc.record({
      hasBoundCard: fc.constantFrom(...ANSWERS),
      hasBalance: fc.constantFrom(...ANSWERS),
      installedApps: maybe(fc.array(text(64), { maxLength: 32 })),
    }),
    requestedAt: moment,
  }),
  'payment.method_selected': event('payment.method_selected', {
    ...attempts,
    offer,
    method,
    paidByAnother: fc.boolean(),
    returnUrl,
    sealedPayer,
  }),
  'payment.close_requested': event('payment.close_requested', {
    ...payments,
    attempts: fc.array(ids.attemptId, { maxLength: 64 }),
    reason: closing,
  }),
  'payment.refund_requested': event('payment.refund_requested', {
    ...refunds,
    provider,
    amount,
    reason: maybe(text(80)),
  }),
  'payment.offered': event('payment.offered', {
    ...payments,
    offer,
    policyVersion: text(200),
    validUntil: moment,
    methods: fc.array(fc.record({ method, label: text(64) }), { minLength: 1, maxLength: 4 }),
    refused,
  }),
  'payment.not_offered': event('payment.not_offered', {
    ...payments,
    offer,
    policyVersion: text(200),
    refused,
  }),
  'attempt.accepted': event('attempt.accepted', { ...attempts, offer, method }),
  'attempt.refused': event('attempt.refused', { ...attempts, offer, method, reasons }),
  'attempt.requested': event('attempt.requested', {
    ...attempts,
    ...seller,
    ...sold,
    method,
    amount,
    notAfter: moment,
    returnUrl,
    sealedPayer,
  }),
  'attempt.close_requested': event('attempt.close_requested', { ...attempts, reason: closing }),
  'refund.requested': event('refund.requested', { ...refunds, amount, reason: maybe(text(80)) }),
  'attempt.awaiting_payer': event('attempt.awaiting_payer', { ...attempts, provider, action }),
  'attempt.succeeded': event('attempt.succeeded', {
    ...attempts,
    provider,
    instrument,
    amount,
    providerRef: ref,
    paidAt: moment,
    late: fc.boolean(),
  }),
  'attempt.failed': event('attempt.failed', { ...attempts, provider, reason: failure }),
  'attempt.closed': event('attempt.closed', { ...attempts, provider, reason: closing }),
  'attempt.unknown': event('attempt.unknown', {
    ...attempts,
    provider,
    cause: fc.stringMatching(/^[a-z0-9_]{1,64}$/),
  }),
  'refund.pending': event('refund.pending', { ...refunds, provider }),
  'refund.succeeded': event('refund.succeeded', {
    ...refunds,
    provider,
    amount,
    providerRef: ref,
    refundedAt: moment,
  }),
  'refund.failed': event('refund.failed', { ...refunds, provider, reason: failure }),
  'payment.paid': event('payment.paid', { ...outcomes, providerRef: ref }),
  'payment.attempt_failed': event('payment.attempt_failed', { ...outcomes, reason: failure }),
  'payment.attempt_closed': event('payment.attempt_closed', { ...outcomes, reason: closing }),
  'payment.closed': event('payment.closed', {
    ...payments,
    payment,
    amount,
    reason: closing,
    occurredAt: moment,
  }),
  'payment.refunded': event('payment.refunded', {
    ...outcomes,
    refundId: ids.refundId,
    providerRef: ref,
  }),
  'payment.refund_failed': event('payment.refund_failed', {
    ...outcomes,
    refundId: ids.refundId,
    reason: failure,
  }),
  'payment.surplus_taken': event('payment.surplus_taken', {
    ...outcomes,
    providerRef: ref,
    reason: fc.constantFrom(...SURPLUS_REASONS),
  }),
  'payment.surplus_refunded': event('payment.surplus_refunded', {
    ...outcomes,
    refundId: ids.refundId,
    providerRef: ref,
  }),
  'bill.available': event('bill.available', {
    provider,
    day: moment.map((at) => at.toISOString().slice(0, 10)),
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  }),
};
