import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  toCloseReport,
  toQueryReport,
  toRefundQueryReport,
  toRefundSendReport,
  toSubmitReport,
} from './alipay.errors.js';

const words = (report: Readonly<{ kind: string; reason?: string; cause?: string }>): string =>
  [report.kind, report.reason ?? report.cause].filter((word) => word !== undefined).join(' ');

const saidOf = (error: Readonly<{ code: string; subCode: string; signed: boolean }>) => {
  const answer = { kind: 'error', ...error } as const;
  return {
    create: words(toSubmitReport(answer)),
    query: words(toQueryReport(answer, { stillToCome: false })),
    close: words(toCloseReport(answer)),
    refund: words(toRefundSendReport(answer)),
    refundQuery: words(toRefundQueryReport(answer)),
  };
};

describe('business that says no, signed', () => {
  // What it says of each call that may be answered so; a new code adds a row.
  type Row = Readonly<{
    code: string;
    create: string;
    close: string;
    refund: string;
  }>;
  it.each<Row>`
    code                                         | create                                   | close                                            | refund
    ${'ACQ.SYSTEM_ERROR'}                        | ${'unknown system_error'}                | ${'unknown system_error'}                        | ${'unknown system_error'}
    ${'aop.ACQ.SYSTEM_ERROR'}                    | ${'unknown system_error'}                | ${'unknown system_error'}                        | ${'unknown system_error'}
    ${'AQC.SYSTEM_ERROR'}                        | ${'unknown system_error'}                | ${'unknown system_error'}                        | ${'unknown system_error'}
    ${'ACQ.CONTEXT_INCONSISTENT'}                | ${'unknown context_inconsistent'}        | ${'unknown context_inconsistent'}                | ${'unknown context_inconsistent'}
    ${'ACQ.TRADE_HAS_SUCCESS'}                   | ${'settled trade_has_success'}           | ${'settled trade_has_success'}                   | ${'unknown trade_has_success'}
    ${'ACQ.TRADE_HAS_CLOSE'}                     | ${'settled trade_has_close'}             | ${'settled trade_has_close'}                     | ${'unknown trade_has_close'}
    ${'ACQ.TRADE_STATUS_ERROR'}                  | ${'settled trade_status_error'}          | ${'settled trade_status_error'}                  | ${'unknown trade_status_error'}
    ${'ACQ.REASON_TRADE_STATUS_INVALID'}         | ${'settled reason_trade_status_invalid'} | ${'settled reason_trade_status_invalid'}         | ${'unknown reason_trade_status_invalid'}
    ${'ACQ.REASON_ILLEGAL_STATUS'}               | ${'settled reason_illegal_status'}       | ${'settled reason_illegal_status'}               | ${'unknown reason_illegal_status'}
    ${'ACQ.TRADE_SETTLE_ERROR'}                  | ${'unknown trade_settle_error'}          | ${'unknown trade_settle_error'}                  | ${'unknown trade_settle_error'}
    ${'ACQ.TRADE_NOT_EXIST'}                     | ${'unknown trade_not_exist'}             | ${'unknown trade_not_exist'}                     | ${'failed rejected'}
    ${'TRADE_NOT_EXIST'}                         | ${'unknown trade_not_exist'}             | ${'unknown trade_not_exist'}                     | ${'failed rejected'}
    ${'ACQ.PAYMENT_AUTH_CODE_INVALID'}           | ${'failed declined'}                     | ${'unknown payment_auth_code_invalid'}           | ${'failed declined'}
    ${'ACQ.BUYER_BALANCE_NOT_ENOUGH'}            | ${'failed insufficient_funds'}           | ${'unknown buyer_balance_not_enough'}            | ${'failed insufficient_funds'}
    ${'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH'}   | ${'failed insufficient_funds'}           | ${'unknown buyer_bankcard_balance_not_enough'}   | ${'failed insufficient_funds'}
    ${'ACQ.PAYMENT_FAIL'}                        | ${'failed declined'}                     | ${'unknown payment_fail'}                        | ${'failed declined'}
    ${'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE'}    | ${'failed declined'}                     | ${'unknown no_payment_instruments_available'}    | ${'failed declined'}
    ${'ACQ.PAYMENT_REQUEST_HAS_RISK'}            | ${'failed declined'}                     | ${'unknown payment_request_has_risk'}            | ${'failed declined'}
    ${'ACQ.PULL_MOBILE_CASHIER_FAIL'}            | ${'failed declined'}                     | ${'unknown pull_mobile_cashier_fail'}            | ${'failed declined'}
    ${'ACQ.USER_FACE_PAYMENT_SWITCH_OFF'}        | ${'failed payer_account'}                | ${'unknown user_face_payment_switch_off'}        | ${'failed payer_account'}
    ${'ACQ.BUYER_SELLER_EQUAL'}                  | ${'failed payer_account'}                | ${'unknown buyer_seller_equal'}                  | ${'failed payer_account'}
    ${'ACQ.TRADE_BUYER_NOT_MATCH'}               | ${'failed payer_account'}                | ${'unknown trade_buyer_not_match'}               | ${'failed payer_account'}
    ${'ACQ.BEYOND_PAY_RESTRICTION'}              | ${'failed limit'}                        | ${'unknown beyond_pay_restriction'}              | ${'failed limit'}
    ${'ACQ.BEYOND_PER_RECEIPT_RESTRICTION'}      | ${'failed limit'}                        | ${'unknown beyond_per_receipt_any'}              | ${'failed limit'}
    ${'ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION'}  | ${'failed limit'}                        | ${'unknown beyond_per_receipt_any'}              | ${'failed limit'}
    ${'ACQ.TOTAL_FEE_EXCEED'}                    | ${'failed limit'}                        | ${'unknown total_fee_exceed'}                    | ${'failed limit'}
    ${'ACQ.BUYER_ERROR'}                         | ${'unknown code_40004'}                  | ${'unknown code_40004'}                          | ${'failed payer_account'}
    ${'ACQ.ACCESS_FORBIDDEN'}                    | ${'failed misconfigured'}                | ${'unknown access_forbidden'}                    | ${'failed misconfigured'}
    ${'ACQ.APPLY_PC_MERCHANT_CODE_ERROR'}        | ${'failed misconfigured'}                | ${'unknown apply_pc_merchant_code_error'}        | ${'failed misconfigured'}
    ${'ACQ.RISK_MERCHANT_IP_NOT_EXIST'}          | ${'failed misconfigured'}                | ${'unknown risk_merchant_ip_not_exist'}          | ${'failed misconfigured'}
    ${'ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT'} | ${'failed merchant_account'}             | ${'unknown merchant_perm_receipt_suspend_limit'} | ${'failed merchant_account'}
    ${'ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT'}  | ${'failed merchant_account'}             | ${'unknown merchant_perm_receipt_single_limit'}  | ${'failed merchant_account'}
    ${'ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT'}     | ${'failed merchant_account'}             | ${'unknown merchant_perm_receipt_day_limit'}     | ${'failed merchant_account'}
    ${'ACQ.ENTERPRISE_PAY_BIZ_ERROR'}            | ${'failed merchant_account'}             | ${'unknown enterprise_pay_biz_error'}            | ${'failed merchant_account'}
    ${'ACQ.REFUNDALLOC_UNAUTH_LIMIT'}            | ${'failed merchant_account'}             | ${'unknown refundalloc_unauth_limit'}            | ${'failed merchant_account'}
    ${'ACQ.SELLER_BALANCE_NOT_ENOUGH'}           | ${'failed merchant_account'}             | ${'unknown seller_balance_not_enough'}           | ${'failed merchant_account'}
    ${'ACQ.TRADE_HAS_FINISHED'}                  | ${'failed rejected'}                     | ${'unknown trade_has_finished'}                  | ${'failed rejected'}
    ${'ACQ.TRADE_NOT_ALLOW_REFUND'}              | ${'failed rejected'}                     | ${'unknown trade_not_allow_refund'}              | ${'failed rejected'}
    ${'ACQ.NOT_ALLOW_PARTIAL_REFUND'}            | ${'failed rejected'}                     | ${'unknown not_allow_partial_refund'}            | ${'failed rejected'}
    ${'ACQ.CANCEL_NOT_ALLOWED'}                  | ${'failed rejected'}                     | ${'unknown cancel_not_allowed'}                  | ${'failed rejected'}
    ${'ACQ.TRADE_CANCEL_TIME_OUT'}               | ${'failed rejected'}                     | ${'unknown trade_cancel_time_out'}               | ${'failed rejected'}
    ${'ACQ.REASON_TRADE_BEEN_FREEZEN'}           | ${'failed rejected'}                     | ${'unknown reason_trade_been_freezen'}           | ${'failed rejected'}
    ${'ACQ.INVALID_PARAMETER'}                   | ${'failed rejected'}                     | ${'unknown invalid_parameter'}                   | ${'failed rejected'}
    ${'ACQ.DISCORDANT_REPEAT_REQUEST'}           | ${'unknown discordant_repeat_request'}   | ${'unknown discordant_repeat_request'}           | ${'unknown discordant_repeat_request'}
    ${'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL'}          | ${'failed rejected'}                     | ${'unknown refund_amt_not_equal_total'}          | ${'failed rejected'}
    ${'ACQ.REFUND_FEE_ERROR'}                    | ${'failed rejected'}                     | ${'unknown refund_fee_error'}                    | ${'failed rejected'}
    ${'ACQ.REASON_TRADE_REFUND_FEE_ERR'}         | ${'failed rejected'}                     | ${'unknown reason_trade_refund_fee_err'}         | ${'failed rejected'}
    ${'ACQ.EXIST_FORBIDDEN_WORD'}                | ${'failed rejected'}                     | ${'unknown exist_forbidden_word'}                | ${'failed rejected'}
    ${'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR'}    | ${'failed rejected'}                     | ${'unknown now_time_after_expire_time_error'}    | ${'failed rejected'}
    ${'ACQ.NEVER_SEEN'}                          | ${'unknown code_40004'}                  | ${'unknown code_40004'}                          | ${'unknown code_40004'}
    ${'ACQ.CONSTRUCTOR'}                         | ${'unknown code_40004'}                  | ${'unknown code_40004'}                          | ${'unknown code_40004'}
    ${'ACQ.BEYOND_PER_RECEIPT_2088-1'}           | ${'failed limit'}                        | ${'unknown beyond_per_receipt_any'}              | ${'failed limit'}
    ${''}                                        | ${'unknown code_40004'}                  | ${'unknown code_40004'}                          | ${'unknown code_40004'}
  `('$code: $create of a create, $close of a close, $refund of a refund', ({ code, ...said }) => {
    const all = saidOf({ code: '40004', subCode: code, signed: true });
    expect(all).toMatchObject(said);
    const isMissing = code.endsWith('TRADE_NOT_EXIST');
    const asked = isMissing ? 'not_found' : all.close.replace('settled', 'unknown');
    expect([all.query, all.refundQuery]).toEqual([asked, asked]);
  });
});

describe('the gateway that says no, or that it does not know', () => {
  it.each<[code: string, subCode: string, cause: string]>([
    ['20000', 'isp.unknow-error', 'unknow_error'],
    ['20000', 'aop.unknow-error', 'unknow_error'],
    ['20000', 'aop.ACQ.SYSTEM_ERROR', 'system_error'],
    ['20001', 'aop.invalid-auth-token', 'invalid_auth_token'],
    ['20001', 'aop.invalid-app-auth-token', 'invalid_app_auth_token'],
    ['40001', 'isv.missing-signature', 'missing_signature'],
    ['40001', 'isv.missing-app-id', 'missing_app_id'],
    ['40001', 'isv.missing-timestamp', 'missing_timestamp'],
    ['40001', 'isv.missing-method', 'missing_method'],
    ['40002', 'isv.invalid-signature', 'invalid_signature'],
    ['40002', 'isv.invalid-app-id', 'invalid_app_id'],
    ['40002', 'isv.invalid-timestamp', 'invalid_timestamp'],
    ['40002', 'isv.invalid-parameter', 'invalid_parameter'],
    ['40002', 'isv.suspected-attack', 'suspected_attack'],
    ['40002', 'isv.not-online-app', 'not_online_app'],
    ['40002', 'isv.app-cert-expired', 'app_cert_expired'],
    ['40003', 'isv.missing-signature-config', 'missing_signature_config'],
    ['40005', 'isv.app-call-limited', 'app_call_limited'],
    ['40005', 'isv.method-call-limited', 'method_call_limited'],
    ['40006', 'isv.insufficient-isv-permissions', 'insufficient_isv_permissions'],
    ['10003', '', 'code_10003'],
    ['40002', '小明 13800138000', 'code_40002'],
  ])('%s %s leaves everything open, signed or not', (code, subCode, cause) => {
    for (const signed of [true, false]) {
      const open = `unknown ${cause}`;
      expect(saidOf({ code, subCode, signed })).toEqual({
        create: open,
        query: open,
        close: open,
        refund: open,
        refundQuery: open,
      });
    }
  });

  it('is certain of nothing that is not signed, whatever it says', () => {
    const codes = fc.stringMatching(/^\d{5}$/);
    const subCodes = fc.oneof(
      fc.constantFrom('ACQ.PAYMENT_FAIL', 'ACQ.TRADE_NOT_EXIST', 'ACQ.TRADE_HAS_SUCCESS'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.oneof(codes, fc.constant('40004')), subCodes, (code, subCode) => {
        const said = Object.values(saidOf({ code, subCode, signed: false }));
        expect(said.filter((word) => !/^unknown [a-z0-9_]{1,64}$/.test(word))).toEqual([]);
      }),
    );
  });
});

describe('an order that is not there', () => {
  const missing = {
    kind: 'error',
    code: '40004',
    subCode: 'ACQ.TRADE_NOT_EXIST',
    signed: true,
  } as const;

  it('is awaited as long as its payer can open it', () => {
    expect(toQueryReport(missing, { stillToCome: true })).toEqual({ kind: 'awaiting_payer' });
    expect(toQueryReport(missing, { stillToCome: false })).toEqual({ kind: 'not_found' });
  });

  it('is awaited by nobody’s word but Alipay’s', () => {
    expect(toQueryReport({ ...missing, signed: false }, { stillToCome: true })).toMatchObject({
      kind: 'unknown',
    });
  });
});

it('before anything was sent is certain, and after it is not', () => {
  const unsent = { kind: 'not_sent', cause: 'refused' } as const;
  const unclear = { kind: 'unclear', cause: 'timeout' } as const;
  for (const sent of [toSubmitReport, toRefundSendReport]) {
    expect([sent(unsent), sent(unclear)]).toEqual([
      { kind: 'not_sent', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
  }
  const asked = [
    toCloseReport,
    toRefundQueryReport,
    (answer: typeof unsent | typeof unclear) => toQueryReport(answer, { stillToCome: true }),
  ];
  for (const read of asked) {
    expect([read(unsent), read(unclear)]).toEqual([
      { kind: 'unknown', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
  }
});
