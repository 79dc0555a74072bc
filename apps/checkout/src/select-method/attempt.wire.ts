import { parseMethod, type Method } from '@hutong/domain-events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsObject,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { PayerFields } from '../payer/payer-fields.wire.js';
import { MayBeAbsent } from '../platform-api/absent.wire.js';

/** In place of a method: whichever of the offer takes the code that was read. */
const BY_CODE = 'barcode';

const IsMethodText = (): PropertyDecorator =>
  ValidateBy({
    name: 'isMethod',
    validator: {
      validate: (value) =>
        value === BY_CODE || (typeof value === 'string' && parseMethod(value).ok),
    },
  });

/** A payer's choice. */
export class AttemptBody {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of the offer that was shown.' })
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  offer!: number;

  @ApiProperty({
    example: 'wechat/wechat_pay/qr',
    description:
      'A method of the offer; or `barcode`: the first method of the offer that takes `payer.code`.',
  })
  @IsMethodText()
  method!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    maxLength: 2048,
    description: "Where the payer's browser goes after paying. Never proof of payment.",
  })
  @MayBeAbsent()
  @Matches(/^[\x21-\x7e]{1,2048}$/) // percent-encoded, as RFC 3986 has it
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  returnUrl?: string;

  @ApiPropertyOptional({
    type: PayerFields,
    description: "What the provider's gateway needs of the payer. Nobody else can read it.",
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => PayerFields)
  payer?: PayerFields;
}

/** The method that a validated body names; undefined where the code is to tell. */
export function chosenMethod(body: AttemptBody): Method | undefined {
  if (body.method === BY_CODE) return undefined;
  const parsed = parseMethod(body.method);
  if (!parsed.ok) throw new Error(`unvalidated method: ${parsed.refusal.code}`);
  return parsed.value;
}
