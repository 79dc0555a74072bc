/** Alipay's main codes with what it says of each. All of them come with HTTP 200. */
const MESSAGES = {
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
} as const;

type MainCode = keyof typeof MESSAGES;

/** The finer codes under their main one. Their texts are ours: nobody may branch on Alipay's either. */
const SUB_CODES = {
  '20000': ['isp.unknow-error', 'aop.unknow-error', 'aop.ACQ.SYSTEM_ERROR'],
  '20001': ['aop.invalid-auth-token', 'aop.invalid-app-auth-token'],
  '40001': [
    'isv.missing-app-id',
    'isv.missing-method',
    'isv.missing-signature',
    'isv.missing-signature-type',
    'isv.missing-timestamp',
    'isv.missing-version',
  ],
  '40002': [
    'isv.invalid-app-id',
    'isv.invalid-method',
    'isv.invalid-signature',
    'isv.invalid-signature-type',
    'isv.invalid-timestamp',
    'isv.invalid-charset',
    'isv.invalid-format',
    'isv.invalid-parameter',
    'isv.invalid-encrypt-type',
    'isv.decryption-error-unknown',
    'isv.suspected-attack',
    'isv.not-online-app',
    'isv.app-cert-expired',
  ],
  '40003': ['isv.missing-signature-config'],
  '40004': [
    'ACQ.SYSTEM_ERROR',
    'ACQ.CONTEXT_INCONSISTENT',
    'ACQ.TRADE_HAS_SUCCESS',
    'ACQ.TRADE_HAS_CLOSE',
    'ACQ.TRADE_STATUS_ERROR',
    'ACQ.REASON_TRADE_STATUS_INVALID',
    'ACQ.REASON_ILLEGAL_STATUS',
    'ACQ.TRADE_SETTLE_ERROR',
    'ACQ.TRADE_NOT_EXIST',
    'TRADE_NOT_EXIST',
    'ACQ.PAYMENT_AUTH_CODE_INVALID',
    'ACQ.BUYER_BALANCE_NOT_ENOUGH',
    'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH',
    'ACQ.PAYMENT_FAIL',
    'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE',
    'ACQ.PAYMENT_REQUEST_HAS_RISK',
    'ACQ.PULL_MOBILE_CASHIER_FAIL',
    'ACQ.USER_FACE_PAYMENT_SWITCH_OFF',
    'ACQ.BUYER_SELLER_EQUAL',
    'ACQ.TRADE_BUYER_NOT_MATCH',
    'ACQ.BEYOND_PAY_RESTRICTION',
    'ACQ.BEYOND_PER_RECEIPT_RESTRICTION',
    'ACQ.TOTAL_FEE_EXCEED',
    'ACQ.BUYER_ERROR',
    'ACQ.ACCESS_FORBIDDEN',
    'ACQ.APPLY_PC_MERCHANT_CODE_ERROR',
    'ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT',
    'ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT',
    'ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT',
    'ACQ.RISK_MERCHANT_IP_NOT_EXIST',
    'ACQ.ENTERPRISE_PAY_BIZ_ERROR',
    'ACQ.REFUNDALLOC_UNAUTH_LIMIT',
    'ACQ.SELLER_BALANCE_NOT_ENOUGH',
    'ACQ.TRADE_HAS_FINISHED',
    'ACQ.TRADE_NOT_ALLOW_REFUND',
    'ACQ.NOT_ALLOW_PARTIAL_REFUND',
    'ACQ.CANCEL_NOT_ALLOWED',
    'ACQ.TRADE_CANCEL_TIME_OUT',
    'ACQ.REASON_TRADE_BEEN_FREEZEN',
    'ACQ.INVALID_PARAMETER',
    'ACQ.DISCORDANT_REPEAT_REQUEST',
    'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
    'ACQ.REFUND_FEE_ERROR',
    'ACQ.REASON_TRADE_REFUND_FEE_ERR',
    'ACQ.EXIST_FORBIDDEN_WORD',
    'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR',
  ],
  '40005': ['isv.app-call-limited', 'isv.method-call-limited'],
  '40006': ['isv.insufficient-isv-permissions'],
} as const satisfies Record<MainCode, readonly string[]>;

export type SubCode = (typeof SUB_CODES)[MainCode][number];

const MAIN_CODES = new Map<string, MainCode>(
  Object.entries(SUB_CODES).flatMap(([code, subCodes]) =>
    isMainCode(code) ? subCodes.map((subCode): [string, MainCode] => [subCode, code]) : [],
  ),
);

function isMainCode(text: string): text is MainCode {
  return Object.hasOwn(MESSAGES, text);
}

export const isSubCode = (text: string): text is SubCode => MAIN_CODES.has(text);

/** A refusal in Alipay's words, on its way to the wire. */
export type AlipayRefusal = Readonly<{
  code: MainCode;
  msg: string;
  subCode: SubCode;
  subMsg: string;
}>;

export function alipayRefusal(subCode: SubCode, subMsg: string = subCode): AlipayRefusal {
  const code = MAIN_CODES.get(subCode) ?? '20000';
  return { code, msg: MESSAGES[code], subCode, subMsg };
}

/** The gateway itself refuses without a signature; the services behind it sign what they say. */
export const isSignedThough = ({ code }: AlipayRefusal): boolean =>
  code === '40004' || code === '20000';
