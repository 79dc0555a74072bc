import type { KeyObject } from 'node:crypto';
import { beijingStamp } from '../clock/beijing-time.js';
import type { Moment } from '../clock/moment.js';
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import { noticeContent, signed, SIGN_TYPE } from './alipay.signature.js';
import type { Manner } from './fault-plans.js';
import { fundBillOf, inNotices } from './fund-bills.js';
import { refundedOf, type Refund } from './refund.js';
import { amountsOf, BUYER_LOGON_ID, told } from './trade-answer.js';
import { statusOf, type KnownTrade } from './trade.js';
import { yuanOf } from './yuan.js';

/** What Alipay tells of by itself, as it was when it happened. */
export type News = Readonly<{
  account: AlipayAccount;
  trade: KnownTrade;
  at: Moment;
  /** Where it is a refund that is told of. */
  refund: Refund | undefined;
}>;

export type NoticeParts = Readonly<{ id: string; sentAt: Date; key: KeyObject; manner: Manner }>;

/** The form that is sent: signed over its values as they are, and encoded once. */
export function noticeForm(news: News, { id, sentAt, key, manner }: NoticeParts): string {
  const fields = new Map(
    Object.entries({
      notify_time: beijingStamp(sentAt),
      notify_type: 'trade_status_sync',
      notify_id: id,
      charset: 'utf-8',
      version: '1.0',
      sign_type: SIGN_TYPE,
      app_id: news.account.appId,
      auth_app_id: news.account.appId,
      ...said(news, manner.extraFen),
    }),
  );
  const content = noticeContent(fields);
  const sign = signed(manner.signature === 'bad' ? `${content} ` : content, key);
  return new URLSearchParams([...fields, ['sign', sign]]).toString();
}

function said({ account, trade, at, refund }: News, extraFen: number): Record<string, string> {
  const { terms, tradeNo } = trade;
  const amount = trade.state === 'PAID' ? trade.payment.amount : terms.amount;
  const total = told(amount, extraFen);
  return {
    trade_no: tradeNo,
    out_trade_no: terms.outTradeNo,
    seller_id: account.sellerId,
    seller_email: account.sellerEmail,
    trade_status: statusOf(trade, at),
    total_amount: yuanOf(total),
    subject: terms.subject,
    ...(terms.body !== undefined && { body: terms.body }),
    gmt_create: beijingStamp(trade.createdAt),
    ...(terms.passbackParams !== undefined && { passback_params: terms.passbackParams }),
    ...(trade.state === 'CLOSED' && { gmt_close: beijingStamp(trade.closedAt) }),
    ...(trade.state === 'PAID' && {
      ...amountsOf(total),
      gmt_payment: beijingStamp(trade.payment.paidAt),
      ...(trade.payment.payer.buyerId !== undefined && {
        buyer_id: trade.payment.payer.buyerId,
        buyer_logon_id: BUYER_LOGON_ID,
      }),
      fund_bill_list: JSON.stringify([
        inNotices(fundBillOf(trade.payment.payer.wallet, yuanOf(total))),
      ]),
      ...(refund !== undefined && {
        out_biz_no: refund.outRequestNo,
        refund_fee: yuanOf(refundedOf(trade.refunds, amount)),
        gmt_refund: `${beijingStamp(at.at)}.000`,
      }),
    }),
  };
}
