import { CURRENCIES } from '@hutong/money';
import { ApiProperty } from '@nestjs/swagger';
import { WatermarkView } from '../operator-api/watermark.wire.js';
import { accountKindCode } from '../posting/accounts.js';

const minor = { description: 'Minor units.', example: '12800' } as const;

export class BalanceView {
  @ApiProperty({ example: 'clearing:wechat:taobao:CNY' }) accountId!: string;
  @ApiProperty({ example: 'clearing:wechat:taobao' }) account!: string;
  @ApiProperty({ enum: Object.keys(accountKindCode) }) kind!: string;
  @ApiProperty({ enum: CURRENCIES }) currency!: string;
  @ApiProperty(minor) debits!: string;
  @ApiProperty(minor) credits!: string;
  @ApiProperty({ example: '-12723', description: 'Debits less credits, in minor units.' })
  balance!: string;
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}
