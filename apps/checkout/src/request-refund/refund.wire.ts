import { parseMoney, type Money } from '@hutong/money';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';
import { MoneyBody } from '../platform-api/money.wire.js';
import { PRINTABLE } from '../platform-api/printable.js';

/** What is to go back of a payment. */
export class RefundBody {
  @ApiProperty({ type: MoneyBody, description: 'A part or all of what is left.' })
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyBody)
  amount!: MoneyBody;

  @ApiPropertyOptional({ minLength: 1, maxLength: 80, description: 'Some providers show it.' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 80)
  @Matches(PRINTABLE)
  reason?: string;
}

/** The amount that a validated body states. */
export function refundAmount(body: RefundBody): Money {
  const parsed = parseMoney(body.amount);
  if (!parsed.ok) throw new Error(`unvalidated money: ${parsed.refusal.code}`);
  return parsed.value;
}
