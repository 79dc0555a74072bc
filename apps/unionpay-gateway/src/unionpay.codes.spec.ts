import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FailureReason } from '@hutong/domain-events';
import type { Prepared } from '@hutong/gateway';
import { money } from '@hutong/money';
import { after, anAttemptId } from '@hutong/testing';
import { causeOf, isForPeople, isResultCode, meaningOf } from './unionpay.codes.js';
import {
  toQueryReport,
  toRefundQueryReport as toFailedRefundQuery,
  toRefundSendReport,
  toSubmitReport,
} from './unionpay.errors.js';
import { toAttemptReport } from './unionpay.mapping.js';
import { toRefundReport } from './unionpay.refunds.js';

const order = (presentation: 'qr' | 'barcode'): Prepared => ({
  attemptId: anAttemptId(),
  account: 'taobao',
  body: new Uint8Array(),
  fields: { merId: '777290058110048', txnTime: '20261124160000', presentation },
  expiresAt: after(15),
});
const said = {
  queryId: '202611241600000000018',
  txnAmt: '12800',
  currencyCode: '156',
  traceTime: '1124160200',
};
type Report = Readonly<{
  kind: string;
  reason?: string | undefined;
  cause?: string | undefined;
  stuck?: string | undefined;
  late?: boolean | undefined;
}>;
const words = (report: Report) =>
  [report.kind, report.reason ?? report.cause ?? report.stuck, report.late && 'late']
    .filter((word) => word !== undefined && word !== false)
    .join(' ');

/** What each call makes of a code: of its own answer, or of the transaction that it asked about. */
const readAs = (code: string) => {
  const answer = { kind: 'refused', code } as const;
  const orig = { ...said, origRespCode: code };
  return {
    create: words(toSubmitReport(answer)),
    asking: words(toQueryReport(answer, order('qr'), { isOver: true })),
    refund: words(toRefundSendReport(answer)),
    cashier: words(toAttemptReport(orig, order('qr'), { isOver: false })),
    over: words(toAttemptReport(orig, order('qr'), { isOver: true })),
    till: words(toAttemptReport(orig, order('barcode'), { isOver: false })),
    givenBack: words(toRefundReport(said, code, order('qr').fields)),
  };
};
type Read = ReturnType<typeof readAs>;

const open = (code: string): Read => ({
  create: `unknown ${causeOf(code)}`,
  asking: `unknown ${causeOf(code)}`,
  refund: `unknown ${causeOf(code)}`,
  cashier: 'awaiting_payer',
  over: `unknown ${causeOf(code)}`,
  till: 'awaiting_payer',
  givenBack: 'pending',
});
const refused = (code: string, reason: FailureReason, ofRefund = reason): Read => ({
  create: `failed ${reason}`,
  asking: `unknown ${causeOf(code)}`,
  refund: `failed ${ofRefund}`,
  cashier: 'awaiting_payer',
  over: `failed ${reason}`,
  till: `failed ${reason}`,
  givenBack: `failed ${ofRefund}`,
});
const done = (code: string, late = ''): Read => ({
  ...open(code),
  cashier: `succeeded${late}`,
  over: `succeeded${late}`,
  till: `succeeded${late}`,
  givenBack: 'succeeded',
});

describe('a result code', () => {
  it.each(['00', 'A6'])('%s: it worked, and money moved', (code) => {
    expect(readAs(code)).toEqual(done(code));
    expect(meaningOf(code)).toEqual({ is: 'done', defect: code === 'A6' });
  });

  it('42: money moved, too late', () => {
    expect(readAs('42')).toEqual({ ...done('42', ' late'), givenBack: 'pending code_42' });
  });

  it.each(['03', '04', '05', '06', '12', '83', '99', '02', '37', '39', '98'])(
    '%s: nobody knows, and it never failed',
    (code) => {
      expect(readAs(code)).toEqual(open(code));
    },
  );

  it('70: the payer is at it', () => {
    expect(readAs('70')).toEqual(open('70'));
  });

  it('34: not there, and while its payer may come that says nothing', () => {
    expect(readAs('34')).toEqual({
      ...open('34'),
      asking: 'not_found',
      over: 'not_found',
      till: 'not_found',
      givenBack: 'unknown code_34',
    });
    const answer = { kind: 'refused', code: '34' } as const;
    expect(toQueryReport(answer, order('qr'), { isOver: false }).kind).toBe('awaiting_payer');
    expect(toQueryReport(answer, order('barcode'), { isOver: false }).kind).toBe('not_found');
  });

  it.each(['74', '75'])('%s: for people, and it never failed', (code) => {
    const cause = `unknown ${causeOf(code)}`;
    expect(readAs(code)).toEqual({
      ...open(code),
      over: cause,
      till: cause,
      givenBack: `pending ${causeOf(code)}`,
    });
  });

  // A new code adds a row: here first, then in the code.
  it.each<[code: string, reason: FailureReason]>([
    ['30', 'declined'],
    ['33', 'limit'],
    ['38', 'declined'],
    ['40', 'declined'],
    ['43', 'misconfigured'],
    ['44', 'payer_account'],
    ['60', 'declined'],
    ['61', 'payer_account'],
    ['62', 'declined'],
    ['63', 'payer_account'],
    ['65', 'declined'],
    ['66', 'payer_account'],
    ['67', 'payer_account'],
    ['68', 'payer_account'],
    ['69', 'declined'],
    ['71', 'declined'],
    ['72', 'payer_account'],
    ['73', 'payer_account'],
    ['76', 'payer_account'],
    ['77', 'payer_account'],
    ['78', 'payer_account'],
    ['79', 'payer_account'],
    ['80', 'declined'],
    ['81', 'limit'],
    ['82', 'declined'],
    ['85', 'declined'],
    ['86', 'declined'],
    ['87', 'limit'],
    ['88', 'declined'],
    ['89', 'declined'],
    ['01', 'declined'],
    ['14', 'rejected'],
    ['35', 'rejected'],
    ['36', 'rejected'],
    ['41', 'rejected'],
    ['45', 'rejected'],
    ['46', 'rejected'],
    ['31', 'merchant_account'],
    ['32', 'merchant_account'],
    ['91', 'misconfigured'],
    ['92', 'misconfigured'],
    ['93', 'misconfigured'],
    ['94', 'misconfigured'],
    ['95', 'misconfigured'],
    ['96', 'misconfigured'],
    ['10', 'rejected'],
    ['11', 'misconfigured'],
    ['13', 'rejected'],
  ])('%s: refused, %s, once nobody can try again', (code, reason) => {
    expect(readAs(code)).toEqual(refused(code, reason));
  });

  it.each(['64', '90'])('%s: too little money, of the merchant where it is given back', (code) => {
    expect(readAs(code)).toEqual(refused(code, 'insufficient_funds', 'merchant_account'));
  });

  it.each(['07', '20', '50', '84', '97', 'ZZ', 'A1', ''])(
    '%p that nobody lists is certain of nothing',
    (code) => {
      const cause = `unknown ${causeOf(code)}`;
      expect(readAs(code)).toEqual({ ...open(code), over: cause, till: cause, givenBack: cause });
    },
  );

  it('is told in a closed form, and to people where only they can help', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isResultCode(text)) expect(causeOf(text)).toMatch(/^code_[0-9a-z]{2}$/);
        expect([
          'unknown',
          'done',
          'open',
          'refused',
          'late',
          'waiting',
          'missing',
          'stuck',
        ]).toContain(meaningOf(text).is);
      }),
    );
    const forPeople = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(2, '0')).filter(
      isForPeople,
    );
    expect(forPeople).toEqual('10 11 13 31 32 43 91 92 93 94 95 96'.split(' '));
  });
});

describe('a refund that is not there', () => {
  const missing = (sinceMs: number) =>
    words(toFailedRefundQuery({ kind: 'refused', code: '34' }, sinceMs));

  it.each<[minutes: number, report: string]>([
    [0, 'not_found'],
    [4.99, 'not_found'],
    [5, 'unknown code_34'],
    [9.99, 'unknown code_34'],
    [10, 'missing code_34'],
  ])('after %p minutes is %s', (minutes, report) => {
    expect(missing(minutes * 60_000)).toBe(report);
  });
});

it('before anything was sent is certain, and after it is not', () => {
  const unsent = { kind: 'not_sent', cause: 'refused' } as const;
  const unclear = { kind: 'unclear', cause: 'timeout' } as const;
  for (const sent of [toSubmitReport, toRefundSendReport]) {
    expect([words(sent(unsent)), words(sent(unclear))]).toEqual([
      'not_sent refused',
      'unknown timeout',
    ]);
  }
  for (const answer of [unsent, unclear]) {
    const reports = [
      toQueryReport(answer, order('qr'), { isOver: true }),
      toFailedRefundQuery(answer, 3_600_000),
    ];
    expect(reports.map(words)).toEqual([`unknown ${answer.cause}`, `unknown ${answer.cause}`]);
  }
});

it('of what is paid needs all that a payment has', () => {
  const complete = { ...said, origRespCode: '00' };
  expect(toAttemptReport(complete, order('qr'), { isOver: false })).toEqual({
    kind: 'succeeded',
    providerRef: said.queryId,
    instrument: 'cloud_quickpass',
    amount: money(12_800n, 'CNY'),
    paidAt: after(2),
  });
  const byBank = { ...order('qr'), fields: { ...order('qr').fields, instrument: 'bank_app:0105' } };
  expect(toAttemptReport(complete, byBank, { isOver: false })).toMatchObject({
    instrument: 'bank_app:0105',
  });
  const byAnother = { ...complete, reserved: '{payApp=ALIPAY}' };
  expect(toAttemptReport(byAnother, byBank, { isOver: false })).toMatchObject({
    instrument: 'alipay',
  });
  for (const name of Object.keys(said)) {
    const rest = Object.fromEntries(Object.entries(complete).filter(([one]) => one !== name));
    const report = toAttemptReport({ ...rest, origRespCode: '00' }, order('qr'), { isOver: false });
    expect(words(report)).toBe('unknown paid_without_details');
    expect(words(toRefundReport(rest, '00', order('qr').fields))).toBe(
      'unknown refunded_without_details',
    );
  }
});
