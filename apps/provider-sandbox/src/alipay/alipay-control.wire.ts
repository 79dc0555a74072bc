import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const ORDER_NUMBER = /^[0-9A-Za-z_]{1,64}$/;
const ACCOUNT = /^\w{1,32}$/;

/** Which order is meant, said in one way: by what the payer was given, or by one of its numbers. */
export class PointerWire {
  /** What is scanned; scanning makes it a trade. */
  @IsOptional() @Matches(/^https:\/\/qr\.alipay\.com\/\w{1,64}$/) qrCode?: string;
  /** What a friend pastes into Alipay's app. */
  @IsOptional() @Matches(/^￥\w{1,64}￥$/) shareCode?: string;
  /** The address that a browser was sent to; opening it makes it a trade. */
  @IsOptional() @IsString() @MaxLength(8_192) url?: string;
  /** What an app gives Alipay's client: checked as the client would. */
  @IsOptional() @IsString() @MaxLength(8_192) orderString?: string;
  @IsOptional() @Matches(/^\d{16,64}$/) tradeNo?: string;
  @IsOptional() @Matches(ORDER_NUMBER) outTradeNo?: string;
  /** Where several merchants used the same number. */
  @IsOptional() @Matches(ACCOUNT) account?: string;
}

/** POST /control/alipay/pay */
export class PayWire extends PointerWire {
  /** Whose app: `alipay` if nothing is said, `cloud_quickpass`, or `bank_app:0105`. */
  @IsOptional() @IsString() @MaxLength(32) wallet?: string;
  /** Which of Alipay's users; the usual one if left out. */
  @IsOptional() @Matches(/^2088\d{12}$/) buyerId?: string;
  /** Takes money for a closed trade too, as if the closing had come second. */
  @IsOptional() @IsBoolean() late?: boolean;
  /** Takes so much more than was asked, and writes it into the books. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) extraFen?: number;
}

/** POST /control/alipay/codes: a telephone shows a code that a shop can read. */
export class ShowWire {
  @IsOptional() @IsString() @MaxLength(32) wallet?: string;
  @IsOptional() @IsIn(['pays', 'waits', 'declines']) then?: 'pays' | 'waits' | 'declines';
  /** With `declines`: ACQ.BUYER_BALANCE_NOT_ENOUGH if nothing is said. */
  @IsOptional() @IsString() @MaxLength(64) code?: string;
}

/** POST /control/alipay/interoperability */
export class InteroperabilityWire {
  @Matches(ACCOUNT) account!: string;
  @IsBoolean() takesUnionpay!: boolean;
}

/** GET /control/alipay/orders */
export class OrdersQueryWire {
  @IsOptional() @Matches(ORDER_NUMBER) outTradeNo?: string;
}

/** POST /control/alipay/notifications: sends what was last told of a payment, or of a refund, once more. */
export class RepeatWire {
  @Matches(ORDER_NUMBER) outTradeNo!: string;
  @IsOptional() @IsString() @MaxLength(64) outRequestNo?: string;
  @IsOptional() @Matches(ACCOUNT) account?: string;
  /** All at the same time. */
  @IsOptional() @IsInt() @Min(1) @Max(100) copies?: number;
  @IsOptional() @IsIn(['good', 'bad']) signature?: 'good' | 'bad';
}

/** POST /control/alipay/withdraw */
export class WithdrawWire {
  @Matches(ACCOUNT) account!: string;
}
