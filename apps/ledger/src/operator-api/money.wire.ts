import { CURRENCIES } from '@hutong/money';
import { ApiProperty } from '@nestjs/swagger';

/** An amount on the wire: minor units (fen, cent) as decimal digits. */
export class MoneyBody {
  @ApiProperty({ enum: CURRENCIES, example: 'CNY' }) currency!: string;
  @ApiProperty({ pattern: '^(0|[1-9]\\d{0,17})$', example: '12800', description: 'Minor units.' })
  minor!: string;
}
