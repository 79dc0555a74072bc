import {
  isId,
  isInstrument,
  providerRef,
  type Action,
  type Channel,
  type Method,
  type Presentation,
} from '@hutong/domain-events';
import { formText, type Form } from '@hutong/form';
import type {
  AttemptReport,
  PaidBySomebody,
  Prepared,
  PrepareRefusal,
  RequestedAttempt,
  SealedFields,
} from '@hutong/gateway';
import { money, type Money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import { causeOf, meaningOf } from './unionpay.codes.js';
import type { UnionpayAccount } from './unionpay.account.config.js';
import { instrumentBy, instrumentOf } from './unionpay.instruments.js';
import { SIGN_METHOD, VERSION } from './unionpay.signature.js';
import { beijingDigits, tracedAt } from './unionpay.time.js';
import type { Moved, QueryAnswer } from './unionpay.wire.js';

const SECOND_MS = 1_000;
/** While its `txnTime` is near now, the same may be sent again. */
export const SENT_AGAIN_MS = 300 * SECOND_MS;
/** Who began to pay in time may come to an end so long after it. */
export const ENDS_BEHIND_MS = 60 * SECOND_MS;
/** UnionPay publishes no shortest life; in less than this nobody comes through a cashier. */
const SHORTEST_LIFE_MS = 60 * SECOND_MS;
/** Twelve digits, in fen. */
const MOST_FEN = 999_999_999_999n;
const CNY = '156';

/** How the payer comes to an order. */
export const KINDS = ['page', 'app', 'qr', 'barcode'] as const;
export type OrderKind = (typeof KINDS)[number];

type Route = Readonly<{ path: string; txnSubType: string; bizType: string }>;

export const routes: Readonly<Record<OrderKind, Route>> = {
  page: { path: '/gateway/api/frontTransReq.do', txnSubType: '01', bizType: '000201' },
  app: { path: '/gateway/api/appTransReq.do', txnSubType: '01', bizType: '000201' },
  qr: { path: '/gateway/api/backTransReq.do', txnSubType: '07', bizType: '000000' },
  barcode: { path: '/gateway/api/backTransReq.do', txnSubType: '06', bizType: '000000' },
};

/** What every request says; the name of the certificate and the signature are added when it is sent. */
export const COMMON: Form = {
  version: VERSION,
  encoding: 'UTF-8',
  signMethod: SIGN_METHOD,
  accessType: '0',
};

type Payee = Pick<UnionpayAccount, 'merId' | 'terminalId' | 'notifyUrl'>;

/**
 * Our attempt → the fields of an order, not signed yet, to be sent as they are each time. Fen by their digits,
 * CNY only. `txnTime` is a part of the order's name. `payTimeout` is always there: an order can be closed by
 * nothing else; it has whole seconds, so it is rounded up.
 * @param payer of a code shown in store its digits.
 * @param backAt where UnionPay sends the payer's browser.
 */
export function toOrder(
  attempt: RequestedAttempt,
  { merId, terminalId, notifyUrl }: Payee,
  { at, payer, backAt }: Readonly<{ at: Date; payer: SealedFields; backAt: string }>,
): Result<Prepared, PrepareRefusal> {
  const kind = kindOf(attempt.method);
  if (kind === undefined) return refuse({ code: 'method_unsupported' });
  if (kind === 'barcode' && terminalId === undefined) return refuse({ code: 'method_unsupported' });
  if (kind === 'barcode' && payer.code === undefined) return refuse({ code: 'payer_missing' });
  const { minor, currency } = attempt.amount;
  const payable = currency === 'CNY' && minor >= 1n && minor <= MOST_FEN;
  if (!payable) return refuse({ code: 'amount_unsupported' });
  const wanted = Math.max(attempt.expiresAt.getTime(), at.getTime() + SHORTEST_LIFE_MS);
  const expiresAt = new Date(Math.ceil(wanted / SECOND_MS) * SECOND_MS);
  const { txnSubType, bizType } = routes[kind];
  const fields = { merId, txnTime: beijingDigits(at), bizType, channelType: channelOf(attempt) };
  const orderDesc = describedBy(attempt.description);
  const form = formText({
    ...COMMON,
    ...fields,
    txnType: '01',
    txnSubType,
    orderId: attempt.attemptId,
    txnAmt: minor.toString(),
    currencyCode: CNY,
    backUrl: notifyUrl,
    payTimeout: beijingDigits(expiresAt),
    ...(orderDesc !== '' && { orderDesc }),
    ...(kind === 'page' && { frontUrl: backAt }),
    ...bankOf(kind, attempt.method),
    ...(kind === 'barcode' && { qrNo: payer.code ?? '', termId: terminalId ?? '' }),
  });
  return ok({
    attemptId: attempt.attemptId,
    account: attempt.account,
    body: new TextEncoder().encode(form),
    // A page's form is sent by the payer's browser, whenever it comes: nothing of the payer is in it.
    fields: {
      ...fields,
      presentation: attempt.method.presentation,
      instrument: instrumentBy(
        kind === 'barcode' ? payer.code : undefined,
        attempt.method.instrument,
      ),
      ...(kind === 'page' && { form }),
    },
    expiresAt,
  });
}

/**
 * Every app of UnionPay's and of the banks comes by each way. Alipay's may scan our code, show its own to
 * our terminal, or be chosen in the cashier; the switch to an app is to UnionPay's or a bank's.
 */
function kindOf({ provider, instrument, presentation }: Method): OrderKind | undefined {
  if (provider !== 'unionpay' || instrument === 'wechat_pay') return undefined;
  const kind = kinds[presentation];
  if (instrument === 'alipay' && kind === 'app') return undefined;
  // The program within another app hands its order to Cloud QuickPass.
  if (presentation === 'mini_program' && instrument !== 'cloud_quickpass') return undefined;
  return kind;
}

const kinds: Readonly<Record<Presentation, OrderKind | undefined>> = {
  redirect: 'page',
  app: 'app',
  mini_program: 'app',
  qr: 'qr',
  barcode: 'barcode',
  link: undefined, // ours: whoever presses pay gets one of the others
};

/** As it was prepared. @throws Error on what this gateway never wrote. */
export function kindOfPrepared({ fields }: Pick<Prepared, 'fields'>): OrderKind {
  const presentation = Object.keys(kinds).find((one): one is Presentation => {
    return one === fields['presentation'];
  });
  const kind = presentation && kinds[presentation];
  if (kind === undefined) throw new Error('order of no kind');
  return kind;
}

/** 07 is a computer, 08 a telephone; in a shop's own page the payer has a computer. */
const channelOf = ({
  method,
  channel,
}: Readonly<{ method: Method; channel: Channel }>): '07' | '08' =>
  method.presentation === 'redirect' && channel === 'web' ? '07' : '08';

/** Which bank's app is to open; any app can read a code, so that a code names none. */
function bankOf(kind: OrderKind, { instrument }: Method): Form {
  const [, bank] = /^bank_app:(.+)$/.exec(instrument) ?? [];
  return bank !== undefined && (kind === 'page' || kind === 'app') ? { issInsCode: bank } : {};
}

const MOST_DESCRIBED_BYTES = 32;

/** As much of it as fits, without what would end a pair of an answer that repeats it. */
export function describedBy(description: string): string {
  let text = '';
  for (const character of description.replaceAll(/[&{}[\]=\p{Cc}]/gu, ' ').trim()) {
    if (new TextEncoder().encode(text + character).length > MOST_DESCRIBED_BYTES) break;
    text += character;
  }
  return text.trim();
}

/** What an app or a mini program is started with. @param mode `01` against UnionPay's test systems. */
export function appAction(
  tn: string,
  { fields, expiresAt }: Pick<Prepared, 'fields' | 'expiresAt'>,
  mode: '00' | '01',
): Action {
  return fields['presentation'] === 'mini_program'
    ? { type: 'mini_program', parameters: { tn }, validUntil: expiresAt }
    : { type: 'app', parameters: { tn, mode }, validUntil: expiresAt };
}

/**
 * What a query that worked says of its order → our report.
 * @param said decoded, verified and ours: number and time were compared before. `txnAmt` is in fen.
 * @param isOver whether payTimeout has passed, a while ago. Until then nothing but money is final where a payer comes to
 *   the order: who was declined may try again. The payer's own code is read once: there a refusal is final.
 * @returns `succeeded` for A6 and 42 too: money moved. `unknown` for what no list has, and for what is paid
 *   without what a payment must have.
 * Source: queryTrans.do, origRespCode; unionpay's own words are in `unionpay.codes.ts`.
 */
export function toAttemptReport(
  said: QueryAnswer,
  prepared: Prepared,
  { isOver }: Readonly<{ isOver: boolean }>,
): AttemptReport {
  const { origRespCode: code } = said;
  const meaning = meaningOf(code);
  if (meaning.is === 'done' || meaning.is === 'late')
    return paidReport(said, prepared.fields, code);
  const byCode = kindOfPrepared(prepared) === 'barcode';
  if (!byCode && !isOver) return { kind: 'awaiting_payer' };
  switch (meaning.is) {
    case 'missing':
      return { kind: 'not_found' };
    case 'refused':
      return { kind: 'failed', reason: meaning.reason };
    case 'open':
    case 'waiting':
      return isOver ? { kind: 'unknown', cause: causeOf(code) } : awaited(prepared);
    case 'stuck':
    case 'unknown':
      return { kind: 'unknown', cause: causeOf(code) };
    default:
      return assertNever(meaning);
  }
}

/** UnionPay asks the payer itself: there is nothing to show. */
const awaited = ({ expiresAt }: Pick<Prepared, 'expiresAt'>): AttemptReport => ({
  kind: 'awaiting_payer',
  action: { type: 'wait', validUntil: expiresAt },
});

function paidReport(said: Moved, fields: Prepared['fields'], code: string): AttemptReport {
  const { txnTime = '', instrument: expected = '' } = fields;
  const paid = paidIn(said, txnTime, code);
  if (paid === undefined) return { kind: 'unknown', cause: 'paid_without_details' };
  const instrument = isInstrument(expected) ? expected : 'cloud_quickpass';
  return { kind: 'succeeded', instrument, ...paid };
}

/**
 * @param txnTime of the order. @param code of the payment: 42 says that it came too late, A6 is a defect.
 * @returns undefined of money without what a payment must have.
 */
export function paidIn(said: Moved, txnTime: string, code: string): PaidBySomebody | undefined {
  const amount = amountIn(said);
  const paidAt = tracedAt(said.traceTime, txnTime);
  const { queryId = '' } = said;
  const meaning = meaningOf(code);
  if (!isId('providerRef', queryId) || amount === undefined || paidAt === undefined) {
    return undefined;
  }
  const instrument = instrumentOf(said.reserved);
  return {
    providerRef: providerRef(queryId),
    ...(instrument !== undefined && { instrument }),
    amount,
    paidAt,
    ...(meaning.is === 'late' && { late: true }),
    ...(meaning.is === 'done' && meaning.defect && { defect: causeOf(code) }),
  };
}

/** @returns undefined if it is none in Chinese yuan. */
export const amountIn = ({ txnAmt, currencyCode }: Moved): Money | undefined =>
  txnAmt === undefined || currencyCode !== CNY ? undefined : money(BigInt(txnAmt), 'CNY');
