import 'reflect-metadata';
import { plainToInstance, Type, type ClassConstructor } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsInt,
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
  validateSync,
} from 'class-validator';

/** Fen. */
class AmountWire {
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) total!: number;
  @IsOptional() @IsString() @MaxLength(16) currency?: string;
}

/** Fen: what goes back, and what was paid. */
class RefundAmountWire extends AmountWire {
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) refund!: number;
}

/** An order as a query answers it and a notification carries it; what is of the payer stays out. */
export class WechatTransaction {
  @IsString() @Length(1, 32) mchid!: string;
  @IsString() @Length(1, 32) appid!: string;
  @IsString() @Length(1, 32) out_trade_no!: string;
  /** Absent while unpaid. */
  @IsOptional() @IsString() @Length(1, 32) transaction_id?: string;
  @IsString() @Length(1, 32) trade_state!: string;
  @IsOptional() @IsRFC3339() success_time?: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AmountWire) amount?: AmountWire;
}

/** What an answer and a notification say of a refund; into whose account it goes stays out. */
class RefundWire {
  @IsString() @Length(1, 32) refund_id!: string;
  @IsString() @Length(1, 64) out_refund_no!: string;
  @IsString() @Length(1, 32) out_trade_no!: string;
  @IsOptional() @IsRFC3339() success_time?: string;
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => RefundAmountWire)
  amount!: RefundAmountWire;
}

/** A refund as creating and asking for it answer. */
export class WechatRefund extends RefundWire {
  @IsString() @Length(1, 32) status!: string;
}

/** A refund as a notification carries it. */
export class WechatRefundNotice extends RefundWire {
  @IsString() @Length(1, 32) mchid!: string;
  @IsString() @Length(1, 32) refund_status!: string;
}

/** POST /v3/pay/transactions/native, answered. */
export class NativeAnswer {
  @IsString() @Matches(/^weixin:\/\/\S{1,500}$/) code_url!: string;
}

/** POST /v3/pay/transactions/jsapi and …/app, answered. */
export class PrepaidAnswer {
  @IsString() @Matches(/^\w{1,64}$/) prepay_id!: string;
}

/** POST /v3/pay/transactions/h5, answered. */
export class H5Answer {
  @IsString() @Matches(/^https?:\/\/\S{1,2000}$/) h5_url!: string;
}

class EncryptedWire {
  @IsString() @Length(1, 32) algorithm!: string;
  @IsString() @Length(1, 1_048_576) ciphertext!: string;
  @IsOptional() @IsString() @MaxLength(64) associated_data?: string;
  @IsString() @Length(1, 32) nonce!: string;
}

class ResourceWire extends EncryptedWire {
  @IsString() @Length(1, 32) original_type!: string;
}

/** What WeChat posts by itself. */
export class NotificationWire {
  @IsString() @Length(1, 36) id!: string;
  @IsString() @Length(1, 64) event_type!: string;
  @IsString() @Length(1, 64) resource_type!: string;
  @IsObject() @ValidateNested() @Type(() => ResourceWire) resource!: ResourceWire;
}

class CertificateWire {
  @Matches(/^[0-9A-Fa-f]{1,64}$/) serial_no!: string;
  @IsDefined() @ValidateNested() @Type(() => EncryptedWire) encrypt_certificate!: EncryptedWire;
}

/** GET /v3/certificates, answered. */
export class CertificatesAnswer {
  @IsArray()
  @ArrayMaxSize(32)
  @ValidateNested({ each: true })
  @Type(() => CertificateWire)
  data!: CertificateWire[];
}

/** Never signed. */
export class ErrorWire {
  @IsString() @Matches(/^[A-Z][A-Z_]{1,63}$/) code!: string;
}

/** Their JSON as one of our classes, fields that it does not know left out; undefined if it is none. */
export function parseWire<W extends object>(
  shape: ClassConstructor<W>,
  bytes: Uint8Array | string,
): W | undefined {
  const json = parsed(bytes);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const wire = plainToInstance(shape, json);
  const errors = validateSync(wire, {
    whitelist: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return errors.length === 0 ? wire : undefined;
}

function parsed(bytes: Uint8Array | string): unknown {
  try {
    const text =
      typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text);
  } catch {
    return undefined; // neither UTF-8 nor JSON: the same to whoever reads it
  }
}
