import 'reflect-metadata';
import {
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';

const YUAN = /^(?!0+(\.0{1,2})?$)\d{1,9}(\.\d{1,2})?$/;
const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const ORDER_NUMBER = /^[0-9A-Za-z_]{1,64}$/;

/** What every product asks for. Lengths are in characters. */
export class OrderWire {
  @IsString() @Matches(ORDER_NUMBER) out_trade_no!: string;
  /** Yuan with at most two decimals, as text. */
  @IsString() @Matches(YUAN) total_amount!: string;
  /** What a merchant may not write into it is refused, as Alipay does. */
  @IsString() @Length(1, 256) @Matches(/^[^/=&]+$/) subject!: string;
  @IsOptional() @IsString() @MaxLength(128) body?: string;
  @IsOptional() @IsString() @MaxLength(64) product_code?: string;
  /** `90m`, `12h`, `15d`, or `1c`: until midnight. */
  @IsOptional() @IsString() @Matches(/^([1-9]\d{0,4}[mhd]|1c)$/) timeout_express?: string;
  /** Beijing time. */
  @IsOptional() @IsString() @Matches(MOMENT) time_expire?: string;
  @IsOptional() @IsString() @MaxLength(512) passback_params?: string;
  @IsOptional() @IsString() @MaxLength(28) seller_id?: string;
  @IsOptional() @IsString() @MaxLength(28) operator_id?: string;
  @IsOptional() @IsString() @MaxLength(32) store_id?: string;
  @IsOptional() @IsString() @MaxLength(32) terminal_id?: string;
  @IsOptional() @IsString() @MaxLength(32) merchant_order_no?: string;
  @IsOptional() @IsString() @MaxLength(128) enable_pay_channels?: string;
  @IsOptional() @IsString() @MaxLength(128) disable_pay_channels?: string;
  @IsOptional() @IsString() @Matches(YUAN) discountable_amount?: string;
  @IsOptional() @IsString() goods_type?: string;
  @IsOptional() @IsArray() @IsObject({ each: true }) goods_detail?: object[];
  @IsOptional() @IsArray() @IsString({ each: true }) query_options?: string[];
  @IsOptional() @IsObject() extend_params?: object;
  @IsOptional() @IsObject() business_params?: object;
  @IsOptional() @IsObject() ext_user_info?: object;
}

/** alipay.trade.page.pay */
export class PagePayWire extends OrderWire {
  @IsIn(['FAST_INSTANT_TRADE_PAY']) declare product_code: string;
  @IsOptional() @IsString() qr_pay_mode?: string;
  @IsOptional() @IsString() integration_type?: string;
  @IsOptional() @IsString() @MaxLength(256) request_from_url?: string;
}

/** alipay.trade.wap.pay */
export class WapPayWire extends OrderWire {
  @IsIn(['QUICK_WAP_WAY']) declare product_code: string;
  @IsOptional() @IsString() @MaxLength(400) quit_url?: string;
  @IsOptional() @IsString() @MaxLength(512) auth_token?: string;
}

/** alipay.trade.app.pay */
export class AppPayWire extends OrderWire {
  @IsIn(['QUICK_MSECURITY_PAY']) declare product_code: string;
}

/** alipay.trade.precreate */
export class PrecreateWire extends OrderWire {
  @IsOptional()
  @IsIn(['QR_CODE_OFFLINE', 'FACE_TO_FACE_PAYMENT'])
  declare product_code?: string;
  /** `share_code` wants one beside the QR code: words to hand on instead of a picture. */
  @IsOptional() @IsIn(['share_code']) code_type?: string;
}

/** alipay.trade.pay: the code that the payer shows. */
export class PayWire extends OrderWire {
  @IsOptional() @IsIn(['FACE_TO_FACE_PAYMENT']) declare product_code?: string;
  @IsIn(['bar_code']) scene!: string;
  @IsString() @MaxLength(64) auth_code!: string;
}

class TradeWire {
  @IsOptional() @IsString() @Matches(ORDER_NUMBER) out_trade_no?: string;
  @IsOptional() @IsString() @MaxLength(64) trade_no?: string;
}

/** alipay.open.app.alipaycert.download */
export class CertificateWire {
  @IsString() @Matches(/^[0-9a-f]{32}$/) alipay_cert_sn!: string;
}

/** alipay.trade.query */
export class QueryWire extends TradeWire {
  @IsOptional() @IsArray() @IsString({ each: true }) query_options?: string[];
  @IsOptional() @IsString() org_pid?: string;
}

/** alipay.trade.close, and .cancel */
export class CloseWire extends TradeWire {
  @IsOptional() @IsString() @MaxLength(28) operator_id?: string;
}

/** alipay.trade.refund */
export class RefundWire extends TradeWire {
  @IsString() @Matches(YUAN) refund_amount!: string;
  /** Needed for a part; without it the order's number is the refund's. */
  @IsOptional() @IsString() @Length(1, 64) out_request_no?: string;
  @IsOptional() @IsString() @MaxLength(256) refund_reason?: string;
  @IsOptional() @IsString() @MaxLength(32) store_id?: string;
  @IsOptional() @IsString() @MaxLength(28) operator_id?: string;
  @IsOptional() @IsString() @MaxLength(32) terminal_id?: string;
  @IsOptional() @IsArray() @IsObject({ each: true }) goods_detail?: object[];
  @IsOptional() @IsArray() @IsString({ each: true }) query_options?: string[];
}

/** alipay.trade.fastpay.refund.query */
export class RefundQueryWire extends TradeWire {
  @IsString() @Length(1, 64) out_request_no!: string;
  @IsOptional() @IsArray() @IsString({ each: true }) query_options?: string[];
}
