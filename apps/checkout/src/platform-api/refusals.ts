import type { CodeNotOffered } from '../pay-code/method-taking.js';
import type { PayCodeRefusal } from '../pay-code/pay-code.js';
import type { ChoiceRefusal } from '../payment/choose.js';
import type { CloseRefusal } from '../payment/close.js';
import type { RefundRefusal } from '../payment/request-refund.js';
import type { RequestRefusal } from '../request-payment/request-payment.js';
import type { RepeatRefusal } from '../store/idempotency.repository.js';
import type { OrderRefusal, UnknownPayment } from '../store/payment.repository.js';
import type { RetryRefusal } from '../surplus/stuck-surplus.repository.js';

/** How a refusal is answered over HTTP: its status, and one sentence for every occurrence. */
export type Answered = Readonly<{ status: number; title: string }>;

type Answers<R extends Readonly<{ code: string }>> = Readonly<Record<R['code'], Answered>>;

const answered = (status: number, title: string): Answered => ({ status, title });

export const unknownPayment: Answers<UnknownPayment> = {
  payment_unknown: answered(404, 'There is no such payment'),
};

export const repeatRefusals: Answers<RepeatRefusal> = {
  idempotency_key_reused: answered(422, 'The idempotency key was used for another request'),
  idempotency_in_progress: answered(409, 'A request with this idempotency key is in progress'),
};

/** Of headers, where they are read. */
export type HeaderRefusal = Readonly<{ code: 'idempotency_key_invalid' }>;
export const headerRefusals: Answers<HeaderRefusal> = {
  idempotency_key_invalid: answered(400, 'An idempotency key is 1 to 255 visible characters'),
};

/** Of bodies, before any code of ours has seen them. */
export const bodyRefusals: Answers<
  Readonly<{ code: 'malformed_request' | 'body_too_large' | 'unsupported_media_type' }>
> = {
  malformed_request: answered(400, 'The body is not JSON'),
  body_too_large: answered(413, 'A body has at most 65536 bytes'),
  unsupported_media_type: answered(415, 'A body is application/json, in UTF-8, not compressed'),
};

export type BusinessTimeRefusal = Readonly<{
  code: 'business_time_not_accepted' | 'business_time_invalid';
}>;

export const requestRefusals: Answers<RequestRefusal | OrderRefusal | BusinessTimeRefusal> = {
  amount_not_positive: answered(422, 'The amount must be more than nothing'),
  expires_too_soon: answered(422, 'A payment lives for at least 5 seconds'),
  expires_too_late: answered(422, 'A payment lives for at most 7 days'),
  order_already_has_payment: answered(409, 'The order has a payment already'),
  business_time_not_accepted: answered(400, 'X-Business-Time is not accepted here'),
  business_time_invalid: answered(400, 'X-Business-Time is an RFC 3339 time'),
};

export const choiceRefusals: Answers<ChoiceRefusal> = {
  offer_pending: answered(409, 'Nothing has been offered yet'),
  not_offered: answered(409, 'No method is offered for this payment'),
  already_paid: answered(409, 'The payment is paid'),
  payment_expired: answered(409, 'The payment has expired'),
  payment_closed: answered(409, 'The payment is closed, or about to be'),
  offer_unknown: answered(422, 'No offer has that number'),
  offer_superseded: answered(409, 'A newer offer has taken the place of this one'),
  method_not_offered: answered(422, 'The offer does not hold that method'),
  too_many_attempts: answered(409, 'The payment has had too many attempts'),
};

/** Of a code that a payer showed in a store. */
export const payCodeRefusals: Answers<PayCodeRefusal | CodeNotOffered> = {
  pay_code_missing: answered(422, 'Paying by barcode takes the code that the payer shows'),
  pay_code_unknown: answered(422, 'No app that we know of shows such a code'),
  pay_code_unsupported: answered(422, "No interface of ours takes codes of this provider's app"),
  pay_code_of_another_app: answered(422, 'The code is of another app than the method'),
  pay_code_not_offered: answered(422, 'The offer holds no method that takes this code'),
};

export const closeRefusals: Answers<CloseRefusal> = {
  already_paid: choiceRefusals.already_paid,
};

export const refundRefusals: Answers<RefundRefusal> = {
  not_paid: answered(409, 'The payment is not paid'),
  other_currency: answered(422, 'Money goes back in the currency in which it came'),
  amount_not_positive: requestRefusals.amount_not_positive,
  exceeds_refundable: answered(422, 'That is more than is left to give back'),
  too_many_refunds: answered(409, 'The payment has had too many refunds'),
};

export const retryRefusals: Answers<RetryRefusal> = {
  ...unknownPayment,
  surplus_unknown: answered(404, 'There is no such surplus'),
  surplus_not_stuck: answered(409, 'It is on its way back by itself, or is back'),
  surplus_not_due: answered(409, 'It is not due yet'),
};
