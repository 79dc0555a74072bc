import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  toCloseReport,
  toQueryReport,
  toRefundQueryReport,
  toRefundSendReport,
  toSubmitReport,
} from './wechat.errors.js';

describe('an error', () => {
  // What it says of each call that may be answered so; a new code adds a row.
  type Row = Readonly<{
    status: number;
    code: string;
    create: string;
    query: string;
    close: string;
    refund: string;
    refundQuery: string;
  }>;
  it.each<Row>`
    status | code                       | create                           | query                              | close                              | refund                           | refundQuery
    ${400} | ${'PARAM_ERROR'}           | ${'failed rejected'}             | ${'unknown param_error'}           | ${'unknown param_error'}           | ${'failed rejected'}             | ${'unknown param_error'}
    ${400} | ${'INVALID_REQUEST'}       | ${'failed rejected'}             | ${'unknown invalid_request'}       | ${'unknown invalid_request'}       | ${'failed rejected'}             | ${'unknown invalid_request'}
    ${400} | ${'INVALID_TRANSACTIONID'} | ${'failed rejected'}             | ${'unknown invalid_transactionid'} | ${'unknown invalid_transactionid'} | ${'failed rejected'}             | ${'unknown invalid_transactionid'}
    ${400} | ${'OPENID_MISMATCH'}       | ${'failed rejected'}             | ${'unknown openid_mismatch'}       | ${'unknown openid_mismatch'}       | ${'failed rejected'}             | ${'unknown openid_mismatch'}
    ${500} | ${'OPENID_MISMATCH'}       | ${'unknown openid_mismatch'}     | ${'unknown openid_mismatch'}       | ${'unknown openid_mismatch'}       | ${'unknown openid_mismatch'}     | ${'unknown openid_mismatch'}
    ${400} | ${'APPID_MCHID_NOT_MATCH'} | ${'failed misconfigured'}        | ${'unknown appid_mchid_not_match'} | ${'unknown appid_mchid_not_match'} | ${'failed misconfigured'}        | ${'unknown appid_mchid_not_match'}
    ${400} | ${'MCH_NOT_EXISTS'}        | ${'failed misconfigured'}        | ${'unknown mch_not_exists'}        | ${'unknown mch_not_exists'}        | ${'failed misconfigured'}        | ${'unknown mch_not_exists'}
    ${401} | ${'SIGN_ERROR'}            | ${'failed misconfigured'}        | ${'unknown sign_error'}            | ${'unknown sign_error'}            | ${'failed misconfigured'}        | ${'unknown sign_error'}
    ${403} | ${'NO_AUTH'}               | ${'failed misconfigured'}        | ${'unknown no_auth'}               | ${'unknown no_auth'}               | ${'failed misconfigured'}        | ${'unknown no_auth'}
    ${403} | ${'NOAUTH'}                | ${'failed misconfigured'}        | ${'unknown noauth'}                | ${'unknown noauth'}                | ${'failed misconfigured'}        | ${'unknown noauth'}
    ${403} | ${'NOT_ENOUGH'}            | ${'failed merchant_account'}     | ${'unknown not_enough'}            | ${'unknown not_enough'}            | ${'failed merchant_account'}     | ${'unknown not_enough'}
    ${403} | ${'USER_ACCOUNT_ABNORMAL'} | ${'failed payer_account'}        | ${'unknown user_account_abnormal'} | ${'unknown user_account_abnormal'} | ${'failed payer_account'}        | ${'unknown user_account_abnormal'}
    ${403} | ${'RULE_LIMIT'}            | ${'failed limit'}                | ${'unknown rule_limit'}            | ${'unknown rule_limit'}            | ${'failed limit'}                | ${'unknown rule_limit'}
    ${403} | ${'TRADE_ERROR'}           | ${'failed declined'}             | ${'unknown trade_error'}           | ${'unknown trade_error'}           | ${'failed declined'}             | ${'unknown trade_error'}
    ${403} | ${'ACCOUNT_ERROR'}         | ${'failed payer_account'}        | ${'unknown account_error'}         | ${'unknown account_error'}         | ${'failed payer_account'}        | ${'unknown account_error'}
    ${400} | ${'ORDERPAID'}             | ${'settled orderpaid'}           | ${'unknown orderpaid'}             | ${'settled orderpaid'}             | ${'unknown orderpaid'}           | ${'unknown orderpaid'}
    ${400} | ${'ORDER_PAID'}            | ${'settled order_paid'}          | ${'unknown order_paid'}            | ${'settled order_paid'}            | ${'unknown order_paid'}          | ${'unknown order_paid'}
    ${400} | ${'ORDER_CLOSED'}          | ${'settled order_closed'}        | ${'unknown order_closed'}          | ${'settled order_closed'}          | ${'unknown order_closed'}        | ${'unknown order_closed'}
    ${403} | ${'OUT_TRADE_NO_USED'}     | ${'unknown out_trade_no_used'}   | ${'unknown out_trade_no_used'}     | ${'unknown out_trade_no_used'}     | ${'unknown out_trade_no_used'}   | ${'unknown out_trade_no_used'}
    ${404} | ${'ORDER_NOT_EXIST'}       | ${'unknown order_not_exist'}     | ${'not_found'}                     | ${'settled order_not_exist'}       | ${'failed rejected'}             | ${'not_found'}
    ${404} | ${'ORDERNOTEXIST'}         | ${'unknown ordernotexist'}       | ${'not_found'}                     | ${'settled ordernotexist'}         | ${'failed rejected'}             | ${'not_found'}
    ${400} | ${'ORDER_NOT_EXIST'}       | ${'unknown order_not_exist'}     | ${'unknown order_not_exist'}       | ${'unknown order_not_exist'}       | ${'unknown order_not_exist'}     | ${'unknown order_not_exist'}
    ${404} | ${'RESOURCE_NOT_EXISTS'}   | ${'unknown resource_not_exists'} | ${'not_found'}                     | ${'settled resource_not_exists'}   | ${'failed rejected'}             | ${'not_found'}
    ${404} | ${''}                      | ${'unknown http_404'}            | ${'unknown http_404'}              | ${'unknown http_404'}              | ${'unknown http_404'}            | ${'unknown http_404'}
    ${405} | ${''}                      | ${'unknown http_405'}            | ${'unknown http_405'}              | ${'unknown http_405'}              | ${'unknown http_405'}            | ${'unknown http_405'}
    ${429} | ${'FREQUENCY_LIMITED'}     | ${'unknown frequency_limited'}   | ${'unknown frequency_limited'}     | ${'unknown frequency_limited'}     | ${'unknown frequency_limited'}   | ${'unknown frequency_limited'}
    ${429} | ${'RATELIMIT_EXCEEDED'}    | ${'unknown ratelimit_exceeded'}  | ${'unknown ratelimit_exceeded'}    | ${'unknown ratelimit_exceeded'}    | ${'unknown ratelimit_exceeded'}  | ${'unknown ratelimit_exceeded'}
    ${429} | ${'PARAM_ERROR'}           | ${'unknown param_error'}         | ${'unknown param_error'}           | ${'unknown param_error'}           | ${'unknown param_error'}         | ${'unknown param_error'}
    ${500} | ${'SYSTEM_ERROR'}          | ${'unknown system_error'}        | ${'unknown system_error'}          | ${'unknown system_error'}          | ${'unknown system_error'}        | ${'unknown system_error'}
    ${400} | ${'BANK_ERROR'}            | ${'unknown bank_error'}          | ${'unknown bank_error'}            | ${'unknown bank_error'}            | ${'unknown bank_error'}          | ${'unknown bank_error'}
    ${500} | ${'BANK_ERROR'}            | ${'unknown bank_error'}          | ${'unknown bank_error'}            | ${'unknown bank_error'}            | ${'unknown bank_error'}          | ${'unknown bank_error'}
    ${503} | ${'SERVICE_UNAVAILABLE'}   | ${'unknown service_unavailable'} | ${'unknown service_unavailable'}   | ${'unknown service_unavailable'}   | ${'unknown service_unavailable'} | ${'unknown service_unavailable'}
    ${502} | ${''}                      | ${'unknown http_502'}            | ${'unknown http_502'}              | ${'unknown http_502'}              | ${'unknown http_502'}            | ${'unknown http_502'}
    ${302} | ${''}                      | ${'unknown http_302'}            | ${'unknown http_302'}              | ${'unknown http_302'}              | ${'unknown http_302'}            | ${'unknown http_302'}
    ${400} | ${'TRADE_OVERDUE'}         | ${'failed rejected'}             | ${'unknown trade_overdue'}         | ${'unknown trade_overdue'}         | ${'failed rejected'}             | ${'unknown trade_overdue'}
    ${403} | ${'REFUND_FEE_MISMATCH'}   | ${'failed rejected'}             | ${'unknown refund_fee_mismatch'}   | ${'unknown refund_fee_mismatch'}   | ${'failed rejected'}             | ${'unknown refund_fee_mismatch'}
    ${404} | ${'MCH_NOT_EXISTS'}        | ${'failed misconfigured'}        | ${'unknown mch_not_exists'}        | ${'unknown mch_not_exists'}        | ${'failed misconfigured'}        | ${'unknown mch_not_exists'}
    ${400} | ${'NO_STATEMENT_EXIST'}    | ${'unknown no_statement_exist'}  | ${'unknown no_statement_exist'}    | ${'unknown no_statement_exist'}    | ${'unknown no_statement_exist'}  | ${'unknown no_statement_exist'}
    ${400} | ${'STATEMENT_CREATING'}    | ${'unknown statement_creating'}  | ${'unknown statement_creating'}    | ${'unknown statement_creating'}    | ${'unknown statement_creating'}  | ${'unknown statement_creating'}
    ${500} | ${'REFUND_FEE_MISMATCH'}   | ${'unknown refund_fee_mismatch'} | ${'unknown refund_fee_mismatch'}   | ${'unknown refund_fee_mismatch'}   | ${'unknown refund_fee_mismatch'} | ${'unknown refund_fee_mismatch'}
    ${500} | ${'RESOURCE_NOT_EXISTS'}   | ${'unknown resource_not_exists'} | ${'unknown resource_not_exists'}   | ${'unknown resource_not_exists'}   | ${'unknown resource_not_exists'} | ${'unknown resource_not_exists'}
    ${429} | ${'NOT_ENOUGH'}            | ${'unknown not_enough'}          | ${'unknown not_enough'}            | ${'unknown not_enough'}            | ${'unknown not_enough'}          | ${'unknown not_enough'}
    ${400} | ${'NEVER_SEEN'}            | ${'unknown http_400'}            | ${'unknown http_400'}              | ${'unknown http_400'}              | ${'unknown http_400'}            | ${'unknown http_400'}
    ${400} | ${'CONSTRUCTOR'}           | ${'unknown http_400'}            | ${'unknown http_400'}              | ${'unknown http_400'}              | ${'unknown http_400'}            | ${'unknown http_400'}
  `('$status $code: $create of a create, $refund of a refund', ({ status, code, ...said }) => {
    const error = { kind: 'error', status, code } as const;
    expect({
      create: words(toSubmitReport(error)),
      query: words(toQueryReport(error)),
      close: words(toCloseReport(error)),
      refund: words(toRefundSendReport(error)),
      refundQuery: words(toRefundQueryReport(error)),
    }).toEqual(said);
  });

  it('is certain under no 429, no 5xx and no code that is not known', () => {
    const anyCode = fc.stringMatching(/^[A-Z][A-Z_]{1,20}$/);
    const anyStatus = fc.integer({ min: 300, max: 599 });
    fc.assert(
      fc.property(anyStatus, anyCode, (status, code) => {
        const { kind } = toSubmitReport({ kind: 'error', status, code });
        const refund = toRefundSendReport({ kind: 'error', status, code }).kind;
        if (status >= 500 || status === 429) expect([kind, refund]).toEqual(['unknown', 'unknown']);
        expect(['unknown', 'failed', 'settled']).toContain(kind);
      }),
    );
  });

  it('before anything was sent is certain, and after it is not', () => {
    const unsent = { kind: 'not_sent', cause: 'refused' } as const;
    const unclear = { kind: 'unclear', cause: 'timeout' } as const;
    expect([toSubmitReport(unsent), toSubmitReport(unclear)]).toEqual([
      { kind: 'not_sent', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
    expect([toRefundSendReport(unsent), toRefundSendReport(unclear)]).toEqual([
      { kind: 'not_sent', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
    for (const read of [toCloseReport, toRefundQueryReport]) {
      expect([read(unsent), read(unclear)]).toEqual([
        { kind: 'unknown', cause: 'refused' },
        { kind: 'unknown', cause: 'timeout' },
      ]);
    }
    expect([toQueryReport(unsent), toQueryReport(unclear)]).toEqual([
      { kind: 'unknown', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
  });

  const words = (report: Readonly<{ kind: string; reason?: string; cause?: string }>): string =>
    [report.kind, report.reason ?? report.cause].filter((word) => word !== undefined).join(' ');
});
