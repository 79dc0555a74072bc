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

const SIGNINGS = ['good', 'bad', 'unsigned', 'wrong_subject', 'expired', 'foreign_chain'] as const;

/** Which order is meant: by what its payer was given, or by the merchant's number. */
export class PointerWire {
  @IsOptional() @Matches(/^\d{21}$/) tn?: string;
  @IsOptional() @Matches(/^https:\/\/qr\.95516\.com\/[0-9A-Za-z/]{1,200}$/) qrCode?: string;
  @IsOptional() @Matches(/^[0-9A-Za-z]{8,32}$/) orderId?: string;
  /** Where several merchants, or one at several times, used the same number. */
  @IsOptional() @Matches(/^\w{1,32}$/) account?: string;
  @IsOptional() @Matches(/^\d{14}$/) txnTime?: string;
}

/** POST /control/unionpay/pay */
export class PayWire extends PointerWire {
  /** Whose app: `cloud_quickpass` if nothing is said, `bank_app:0105`, or `alipay`. */
  @IsOptional() @IsString() @MaxLength(32) wallet?: string;
  /** Takes money although payTimeout has passed: 42. */
  @IsOptional() @IsBoolean() late?: boolean;
  /** Tells the merchant of that, too; nobody knows whether UnionPay does. */
  @IsOptional() @IsBoolean() tellsLate?: boolean;
  /** Succeeds with a defect: A6. */
  @IsOptional() @IsBoolean() defect?: boolean;
  /** Takes so much more than was asked, and writes it into the books. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) extraFen?: number;
}

/** POST /control/unionpay/decline */
export class DeclineWire extends PointerWire {
  /** Why, as UnionPay says it; 64 for too little money if nothing is said. */
  @IsOptional() @IsString() @Matches(/^[0-9A-Z]{2}$/) code?: string;
}

/** POST /control/unionpay/codes: a telephone shows a code that a shop can read. */
export class ShowWire {
  @IsOptional() @IsString() @MaxLength(32) wallet?: string;
  @IsOptional() @IsIn(['pays', 'waits', 'declines']) then?: 'pays' | 'waits' | 'declines';
  /** With `declines`. */
  @IsOptional() @IsString() @Matches(/^[0-9A-Z]{2}$/) code?: string;
}

/** POST /control/unionpay/interoperability */
export class InteroperabilityWire {
  @Matches(/^\w{1,32}$/) account!: string;
  @IsBoolean() takesAlipay!: boolean;
}

/** GET /control/unionpay/orders */
export class OrdersQueryWire {
  @IsOptional() @Matches(/^[0-9A-Za-z]{8,32}$/) orderId?: string;
}

/** POST /control/unionpay/notifications: sends what was last told of a payment, or of a refund, once more. */
export class RepeatWire {
  @Matches(/^[0-9A-Za-z]{8,32}$/) orderId!: string;
  /** The refund's or undo's own number. */
  @IsOptional() @Matches(/^[0-9A-Za-z]{8,32}$/) refundOrderId?: string;
  @IsOptional() @Matches(/^\w{1,32}$/) account?: string;
  /** All at the same time. */
  @IsOptional() @IsInt() @Min(1) @Max(100) copies?: number;
  @IsOptional() @IsIn(SIGNINGS) signing?: (typeof SIGNINGS)[number];
}

/** POST /control/unionpay/refunds: ends a refund or an undo that is under way. */
export class EndRefundWire {
  @Matches(/^[0-9A-Za-z]{8,32}$/) orderId!: string;
  @IsOptional() @Matches(/^\w{1,32}$/) account?: string;
  /** 00 and A6 are done; anything else has failed. */
  @IsString() @Matches(/^[0-9A-Z]{2}$/) code!: string;
}

/** POST /control/unionpay/withdraw */
export class WithdrawWire {
  @Matches(/^\w{1,32}$/) account!: string;
}
