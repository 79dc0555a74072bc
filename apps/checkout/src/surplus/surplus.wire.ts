import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';
import { PRINTABLE } from '../platform-api/printable.js';
import { SurplusView } from '../see-payment/payment-view.wire.js';
import { STUCK_PLACE } from './stuck-place.js';

/** Why an operator has it tried again. */
export class RetryBody {
  @ApiProperty({
    minLength: 1,
    maxLength: 200,
    example: 'The merchant account was topped up',
    description: 'Kept for whoever asks later. Nothing about a person.',
  })
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  reason!: string;
}

/** Surplus with the payment that it came for. */
export class SurplusOfView extends SurplusView {
  @ApiProperty({ format: 'uuid' }) paymentId!: string;
  @ApiProperty({ example: 'taobao' }) platform!: string;
}

export class StuckSurplusQuery {
  @ApiPropertyOptional({ description: '`next` of a page: what comes after it.' })
  @MayBeAbsent()
  @Matches(STUCK_PLACE)
  after?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @MayBeAbsent()
  @Matches(/^([1-9]\d?|1\d\d|200)$/)
  limit?: string;
}

/** A page of the operators' queue. */
export class StuckSurplusView {
  @ApiProperty({
    type: [SurplusOfView],
    description: 'The longest stuck first; without what cannot be read, which is in the log.',
  })
  stuck!: SurplusOfView[];
  @ApiPropertyOptional({ description: '`after` of the next page; absent on the last one.' })
  next?: string;
}
