import { CURRENCIES } from '@hutong/money';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';

/** An amount on the wire: minor units (fen, cent) as decimal digits. */
export class MoneyBody {
  @ApiProperty({ enum: CURRENCIES, example: 'CNY' })
  @IsIn(CURRENCIES)
  currency!: string;

  @ApiProperty({ pattern: '^(0|[1-9]\\d{0,17})$', example: '12800', description: 'Minor units.' })
  @Matches(/^(0|[1-9]\d{0,17})$/)
  minor!: string;
}
