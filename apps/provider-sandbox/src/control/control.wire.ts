import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

/** As good as for ever. */
export const MANY = 1_000_000;
const HOUR_MS = 3_600_000;
const YEAR_MS = 366 * 24 * HOUR_MS;

/** Which order is meant, said in one way: by what the payer was given, or by its number. */
export class OrderPointerWire {
  @IsOptional() @IsString() @MaxLength(512) codeUrl?: string;
  @IsOptional() @IsString() @MaxLength(2048) h5Url?: string;
  /** What an app or a mini program gives WeChat's client: checked as the client would. */
  @IsOptional() @IsObject() parameters?: Record<string, unknown>;
  @IsOptional() @IsString() @MaxLength(32) outTradeNo?: string;
  /** Where several merchants used the same number. */
  @IsOptional() @IsString() @MaxLength(32) account?: string;
}

/** POST /control/wechat/decline, and /open, which does no more than open the cashier. */
export class DeclineWire extends OrderPointerWire {
  /** Who it is; the account's usual payer if left out. */
  @IsOptional() @IsString() @MaxLength(128) openid?: string;
}

/** POST /control/wechat/pay */
export class PayWire extends DeclineWire {
  /** Takes money for a closed order too, as if the closing had come second. */
  @IsOptional() @IsBoolean() late?: boolean;
  /** Takes so much more than was asked, and writes it into the books. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) extraFen?: number;
}

/** POST /control/wechat/notifications: sends what was last told of a payment, or of a refund, once more. */
export class RepeatWire {
  @IsString() @MaxLength(32) outTradeNo!: string;
  @IsOptional() @IsString() @MaxLength(64) outRefundNo?: string;
  @IsOptional() @IsString() @MaxLength(32) account?: string;
  /** All at the same time. */
  @IsOptional() @IsInt() @Min(1) @Max(100) copies?: number;
  /** `probe` carries a forged signature, as WeChat sends now and then. */
  @IsOptional() @IsIn(['good', 'bad', 'probe']) signature?: 'good' | 'bad' | 'probe';
}

/** POST /control/wechat/refunds: ends one that is under way, or stuck. */
export class EndRefundWire {
  @IsString() @MaxLength(64) outRefundNo!: string;
  @IsOptional() @IsString() @MaxLength(32) account?: string;
  @IsIn(['SUCCESS', 'ABNORMAL', 'CLOSED']) status!: 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
}

/** POST /control/wechat/withdraw */
export class WithdrawWire {
  @IsString() @MaxLength(32) account!: string;
}

/** GET /control/wechat/orders */
export class OrdersQueryWire {
  @IsOptional() @IsString() @MaxLength(32) outTradeNo?: string;
}

/** POST /control/faults */
export class FaultWire {
  @IsString() @MaxLength(32) provider!: string;
  @IsString() @MaxLength(32) call!: string;
  @IsString() @MaxLength(32) fault!: string;
  @IsOptional() @IsInt() @Min(1) @Max(MANY) times?: number;
  @IsOptional() @IsInt() @Min(0) @Max(HOUR_MS) delayMs?: number;
  /** Of all occasions, by chance; then `times` is a million unless it is said. */
  @IsOptional() @IsPositive() @Max(1) share?: number;
  /** Which chances: the same again for the same seed. */
  @IsOptional() @IsInt() @Min(0) @Max(0xffff_ffff) seed?: number;
  /** The error that `refuse` answers. */
  @IsOptional() @IsString() @MaxLength(64) code?: string;
  /** Strikes this order only. */
  @IsOptional() @IsString() @MaxLength(64) outTradeNo?: string;
}

/** POST /control/clock */
export class ClockWire {
  /** How many times as fast the notification ladder runs. */
  @IsOptional() @IsPositive() @Max(1_000_000) scale?: number;
  /** Everything that waits has waited this much longer. */
  @IsOptional() @IsInt() @Min(0) @Max(YEAR_MS) advanceMs?: number;
}
