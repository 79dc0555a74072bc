/**
 * UnionPay's result codes that are in public lists. Which of them mean failed, and which only that
 * nobody knows yet, is for the reader to know; of the texts nothing but their ends is to be relied on.
 */
const TEXTS = {
  '00': '成功',
  '01': '交易失败',
  '02': '系统未开放或暂时关闭',
  '03': '交易通讯超时',
  '04': '交易状态未明',
  '05': '交易已受理',
  '06': '系统繁忙',
  '10': '报文格式错误',
  '11': '验证签名失败',
  '12': '重复交易',
  '13': '报文交易要素缺失',
  '14': '批量文件格式错误',
  '30': '交易未通过',
  '31': '商户状态不正确',
  '32': '无此交易权限',
  '33': '交易金额超限',
  '34': '查无此交易',
  '35': '原交易不存在或状态不正确',
  '36': '与原交易信息不符',
  '37': '已超过最大查询次数或操作过于频繁',
  '38': '银联风险受限',
  '39': '交易不在受理时间范围内',
  '40': '绑定关系检查失败',
  '41': '批量状态不正确，无法下载',
  '42': '扣款成功但交易超过规定支付时间',
  '43': '无此业务权限',
  '44': '输入号码错误或暂未开通此项业务',
  '45': '原交易已被成功退货或已被成功撤销',
  '46': '交易已被冲正',
  '60': '交易失败',
  '61': '输入的卡号无效',
  '62': '发卡银行不支持该商户',
  '63': '卡状态不正确',
  '64': '卡上的余额不足',
  '65': '输入的密码、有效期或CVN2有误',
  '66': '持卡人身份信息或手机号输入不正确',
  '67': '密码输入次数超限',
  '68': '您的银行卡暂不支持该业务',
  '69': '您的输入超时',
  '70': '交易已跳转',
  '71': '动态口令或短信验证码校验失败',
  '72': '您尚未在银联网站或银行开通此项服务',
  '73': '支付卡已超过有效期',
  '74': '扣款成功，销账未知',
  '75': '扣款成功，销账失败',
  '76': '需要验密开通',
  '77': '银行卡未开通认证支付',
  '78': '发卡行交易权限受限',
  '79': '此卡可用，但发卡行暂不支持短信验证',
  '80': '交易失败，Token已过期',
  '81': '月累计交易笔数或金额超限',
  '82': '需要校验密码',
  '83': '银行处理中',
  '85': '营销规则检查失败',
  '86': '二维码状态错误',
  '87': '支付次数超限',
  '88': '无此二维码',
  '89': 'Token状态不正确',
  '90': '账户余额不足或超限',
  '91': '密码加密认证失败',
  '92': '证书验证失败',
  '93': '认证未通过',
  '94': '许可证书无效',
  '95': '许可证书已过期',
  '96': '许可证书验证失败',
  '98': '文件不存在',
  '99': '通用错误',
  A6: '有缺陷的成功',
} as const;

export type ResultCode = keyof typeof TEXTS;

export const isResultCode = (text: string): text is ResultCode => Object.hasOwn(TEXTS, text);

/**
 * Ends in seven characters in square brackets, as UnionPay's own do.
 * @param issue in which field or why, where a developer can do something about it; no brackets in it
 */
export const messageOf = (code: ResultCode, issue?: string): string =>
  `${TEXTS[code]}${issue === undefined ? '' : `: ${issue}`}[${code.padEnd(7, '0')}]`;

/** What a call ends with instead of what was asked for. */
export type Refusal = Readonly<{ code: ResultCode; issue?: string }>;
