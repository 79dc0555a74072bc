import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsNotifyUrl } from './notify-url.wire.js';

class RefundAmountWire {
  /** Fen. */
  @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) refund!: number;
  /** Fen: of the whole order. */
  @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) total!: number;
  @IsIn(['CNY']) currency!: string;
  @IsOptional() @IsArray() @IsObject({ each: true }) from?: object[];
}

/** POST /v3/refund/domestic/refunds. One of the two numbers of the payment is needed. */
export class RefundWire {
  @IsOptional() @IsString() @Length(1, 32) transaction_id?: string;
  @IsOptional() @IsString() @Length(6, 32) out_trade_no?: string;
  @IsString() @Matches(/^[0-9A-Za-z_\-|*@]{1,64}$/) out_refund_no!: string;
  @IsOptional() @IsString() @MaxLength(80) reason?: string;
  @IsOptional() @IsNotifyUrl(256) notify_url?: string;
  @IsOptional() @IsIn(['AVAILABLE']) funds_account?: string;
  @IsDefined() @ValidateNested() @Type(() => RefundAmountWire) amount!: RefundAmountWire;
  @IsOptional() @IsArray() @IsObject({ each: true }) goods_detail?: object[];
}
