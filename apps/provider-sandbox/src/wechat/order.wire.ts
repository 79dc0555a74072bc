import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsIP,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsRFC3339,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsNotifyUrl } from './notify-url.wire.js';

const LIMITS_ON_PAYING = ['no_balance', 'no_credit', 'no_debit', 'balance_only'];

class AmountWire {
  /** Fen. */
  @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) total!: number;
  @IsOptional() @IsIn(['CNY']) currency?: string;
}

class SceneWire {
  @IsIP() @MaxLength(45) payer_client_ip!: string;
  @IsOptional() @IsString() @MaxLength(32) device_id?: string;
  @IsOptional() @IsObject() store_info?: object;
}

class H5InfoWire {
  @IsIn(['iOS', 'Android', 'Wap']) type!: string;
  @IsOptional() @IsString() @MaxLength(64) app_name?: string;
  @IsOptional() @IsString() @MaxLength(128) app_url?: string;
  @IsOptional() @IsString() @MaxLength(128) bundle_id?: string;
  @IsOptional() @IsString() @MaxLength(128) package_name?: string;
}

class H5SceneWire extends SceneWire {
  @IsDefined() @ValidateNested() @Type(() => H5InfoWire) h5_info!: H5InfoWire;
}

class PayerWire {
  @IsString() @Length(1, 128) openid!: string;
}

class SettlementWire {
  @IsOptional() @IsBoolean() profit_sharing?: boolean;
}

/** What every trade type asks for. Lengths are in characters. */
class OrderWire {
  @IsString() @Length(1, 32) appid!: string;
  @IsString() @Length(1, 32) mchid!: string;
  @IsString() @IsNotEmpty() @MaxLength(127) description!: string;
  @IsString() @Matches(/^[0-9A-Za-z_\-|*]{6,32}$/) out_trade_no!: string;
  /** With its offset. Left out: seven days from now. */
  @IsOptional() @IsString() @IsRFC3339() time_expire?: string;
  @IsOptional() @IsString() @MaxLength(128) attach?: string;
  @IsNotifyUrl(255) notify_url!: string;
  @IsOptional() @IsString() @MaxLength(32) goods_tag?: string;
  @IsOptional() @IsBoolean() support_fapiao?: boolean;
  @IsOptional() @IsArray() @IsIn(LIMITS_ON_PAYING, { each: true }) limit_pay?: string[];
  @IsDefined() @ValidateNested() @Type(() => AmountWire) amount!: AmountWire;
  @IsOptional() @IsObject() detail?: object;
  @IsOptional() @ValidateNested() @Type(() => SettlementWire) settle_info?: SettlementWire;
}

/** POST /v3/pay/transactions/native, and /app. */
export class NativeOrderWire extends OrderWire {
  @IsOptional() @ValidateNested() @Type(() => SceneWire) scene_info?: SceneWire;
}

/** POST /v3/pay/transactions/jsapi, for mini programs too. */
export class JsapiOrderWire extends NativeOrderWire {
  @IsDefined() @ValidateNested() @Type(() => PayerWire) payer!: PayerWire;
}

/** POST /v3/pay/transactions/h5 */
export class H5OrderWire extends OrderWire {
  @IsDefined() @ValidateNested() @Type(() => H5SceneWire) scene_info!: H5SceneWire;
}

/** POST /v3/pay/transactions/out-trade-no/{no}/close. */
export class CloseOrderWire {
  @IsString() @Length(1, 32) mchid!: string;
}
