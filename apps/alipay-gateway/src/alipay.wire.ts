import 'reflect-metadata';
import type { Form } from '@hutong/form';
import { plainToInstance, Transform, Type, type ClassConstructor } from 'class-transformer';
import {
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
  validateSync,
} from 'class-validator';

/** Yuan, at most two decimals. */
const YUAN = /^\d{1,12}(\.\d{1,2})?$/;
const ORDER_NUMBER = 64;

/** What every answer begins with. `msg` and `sub_msg` are words for people and stay out. */
export class AnswerHead {
  @Matches(/^\d{5}$/) code!: string;
  @IsOptional() @IsString() @MaxLength(128) sub_code?: string;
}

const MOST_PARTS = 64;
const LONGEST_WORD = 64;

/** What says whose app paid must not hide that somebody did: of it counts what can be read. */
const ReadableParts = () =>
  Transform(({ value }: { value: unknown }): unknown =>
    Array.isArray(value)
      ? value.filter((part: unknown) => isPlainObject(part)).slice(0, MOST_PARTS)
      : undefined,
  );

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ReadableWord = () =>
  Transform(({ value }: { value: unknown }): unknown =>
    typeof value === 'string' && value.length <= LONGEST_WORD ? value : undefined,
  );

/** One part of a payment: by which channel of whose purse it came. */
class FundBill {
  @ReadableWord() @IsOptional() @IsString() fund_channel?: string;
  @ReadableWord() @IsOptional() @IsString() bank_code?: string;
}

/** In an answer: a list. What is of the payer stays out. */
abstract class PaidFields {
  @IsString() @Length(1, 64) trade_no!: string;
  @IsString() @Length(1, ORDER_NUMBER) out_trade_no!: string;
  @IsOptional() @Matches(YUAN) total_amount?: string;
  @ReadableParts()
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => FundBill)
  fund_bill_list?: FundBill[];
}

/** alipay.trade.query, answered. */
export class AlipayTrade extends PaidFields {
  @IsString() @Length(1, 32) trade_status!: string;
  @IsOptional() @IsString() @MaxLength(32) send_pay_date?: string;
}

/** alipay.trade.pay, answered by 10000: paid. */
export class PayAnswer extends PaidFields {
  @IsOptional() @IsString() @MaxLength(32) gmt_payment?: string;
}

/** alipay.trade.precreate, answered. */
export class PrecreateAnswer {
  @IsString() @Length(1, ORDER_NUMBER) out_trade_no!: string;
  @IsString() @Matches(/^https?:\/\/\S{1,1000}$/) qr_code!: string;
}

/** alipay.trade.close, answered. */
export class CloseAnswer {
  @IsOptional() @IsString() @Length(1, ORDER_NUMBER) out_trade_no?: string;
}

/** alipay.trade.cancel, answered. */
export class CancelAnswer {
  @IsOptional() @IsString() @Length(1, ORDER_NUMBER) out_trade_no?: string;
  /** `Y`: not done, ask for it again. */
  @IsIn(['Y', 'N']) retry_flag!: 'Y' | 'N';
  /** What it did: `close`, or `refund` of what was paid a moment before. */
  @IsOptional() @IsString() @MaxLength(32) action?: string;
}

/** alipay.trade.refund, answered. */
export class RefundAnswer {
  @IsString() @Length(1, ORDER_NUMBER) out_trade_no!: string;
  /** `Y`: this very call gave money back. */
  @IsOptional() @IsString() @MaxLength(8) fund_change?: string;
  /** Of all refunds of the order so far, not of this one. */
  @IsOptional() @Matches(YUAN) refund_fee?: string;
  @IsOptional() @IsString() @MaxLength(32) gmt_refund_pay?: string;
}

/** alipay.trade.fastpay.refund.query, answered. All but empty for a refund that Alipay does not have. */
export class RefundQueryAnswer {
  @IsOptional() @IsString() @MaxLength(ORDER_NUMBER) out_trade_no?: string;
  @IsOptional() @IsString() @MaxLength(64) out_request_no?: string;
  @IsOptional() @IsString() @MaxLength(32) refund_status?: string;
  /** Of this refund. */
  @IsOptional() @Matches(YUAN) refund_amount?: string;
  @IsOptional() @IsString() @MaxLength(32) gmt_refund_pay?: string;
}

/** A bill's parts as a notification has them: JSON text under other names than in an answer. */
class NoticeFundBill {
  @ReadableWord() @IsOptional() @IsString() fundChannel?: string;
  @ReadableWord() @IsOptional() @IsString() bankCode?: string;
}

/** `trade_status_sync`, its form decoded and verified. */
export class TradeNotice {
  @IsString() @Length(1, 64) notify_type!: string;
  @IsString() @Length(1, 32) app_id!: string;
  @IsString() @Length(1, 32) seller_id!: string;
  @IsString() @Length(1, 64) trade_no!: string;
  @IsString() @Length(1, ORDER_NUMBER) out_trade_no!: string;
  /** The refund's number, if it is about one. */
  @IsOptional() @IsString() @MaxLength(64) out_biz_no?: string;
  @IsString() @Length(1, 32) trade_status!: string;
  @IsOptional() @Matches(YUAN) total_amount?: string;
  @IsOptional() @IsString() @MaxLength(32) gmt_payment?: string;
  @IsOptional() @IsString() @MaxLength(32) gmt_refund?: string;
  /** Of all refunds of the order so far. */
  @IsOptional() @Matches(YUAN) refund_fee?: string;
  /** JSON text on the wire. */
  @ReadableParts()
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => NoticeFundBill)
  fund_bill_list?: NoticeFundBill[];
}

/** What of a notification names its order, whatever the rest of it is. */
export class NamedOrder {
  @IsString() @Length(1, ORDER_NUMBER) out_trade_no!: string;
}

/** JSON text, or an object of it, as one of our classes; fields that it does not know left out. */
export function parseWire<W extends object>(
  shape: ClassConstructor<W>,
  said: string | Readonly<Record<string, unknown>>,
): W | undefined {
  const json = typeof said === 'string' ? parsed(said) : said;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const wire = plainToInstance(shape, json);
  const errors = validateSync(wire, {
    whitelist: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return errors.length === 0 ? wire : undefined;
}

/** A verified form as a notification of an order. */
export const tradeNoticeOf = (form: Form): TradeNotice | undefined =>
  parseWire(TradeNotice, { ...form, fund_bill_list: parsed(form['fund_bill_list']) });

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
