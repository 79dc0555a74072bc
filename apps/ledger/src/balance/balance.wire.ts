import { CURRENCIES } from '@hutong/money';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { WatermarkView } from '../operator-api/watermark.wire.js';
import {
  accountKindCode,
  HOUSE_ACCOUNT_KINDS,
  type HouseAccountKind,
} from '../posting/accounts.js';

const minor = { description: 'Minor units.', example: '12800' } as const;

export class AccountsQuery {
  @ApiProperty({
    enum: HOUSE_ACCOUNT_KINDS,
    description: 'What providers owe us, what merchants paid them, what waits to go back.',
  })
  @IsIn(HOUSE_ACCOUNT_KINDS)
  kind!: HouseAccountKind;
}

export class AccountView {
  @ApiProperty({ example: 'clearing:wechat:taobao:CNY' }) accountId!: string;
  @ApiProperty({ example: 'clearing:wechat:taobao' }) account!: string;
  @ApiProperty({ enum: Object.keys(accountKindCode) }) kind!: string;
  @ApiProperty({ enum: CURRENCIES }) currency!: string;
  @ApiProperty(minor) debits!: string;
  @ApiProperty(minor) credits!: string;
  @ApiProperty({ example: '-12723', description: 'Debits less credits, in minor units.' })
  balance!: string;
}

export class BalanceView extends AccountView {
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}

export class AccountsView {
  @ApiProperty({ type: [AccountView], description: 'By name.' }) accounts!: AccountView[];
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}
