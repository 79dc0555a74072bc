import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';
import { MoneyBody } from '../platform-api/money.wire.js';
import { AttemptView } from '../see-payment/payment-view.wire.js';
import { linkStandings, OPENS_AS, type LinkStanding, type OpensAs } from './share-link.js';

/** How whoever opened the link wants to pay. */
export class PressBody {
  @ApiProperty({
    enum: OPENS_AS,
    description:
      '`redirect` and `app` pay on the device that asks; its address goes along, sealed.',
  })
  @IsIn(OPENS_AS)
  presentation!: OpensAs;

  @ApiPropertyOptional({
    pattern: '^[\\w-]{1,128}$',
    description: 'Of a `mini_program`: its own id of whoever pays. Kept nowhere in clear.',
  })
  @MayBeAbsent()
  @Matches(/^[\w-]{1,128}$/)
  openid?: string;
}

/** What somebody else is asked to pay. */
export class SharedPaymentView {
  @ApiProperty({
    enum: Object.keys(linkStandings),
    description: 'Only of `payable` is there something left to do.',
  })
  status!: LinkStanding;
  @ApiProperty({ type: MoneyBody }) amount!: MoneyBody;
  @ApiProperty() description!: string;
  @ApiProperty({ description: 'The platform that asks.', example: 'taobao' }) platform!: string;
  @ApiProperty({ example: 'tea-house' }) merchantId!: string;
  @ApiProperty({ description: 'Whose app pays.', example: 'wechat_pay' }) instrument!: string;
  @ApiProperty({ type: String, format: 'date-time' }) validUntil!: string;
  @ApiPropertyOptional({ type: AttemptView, description: 'The newest attempt through the link.' })
  attempt?: AttemptView;
}
