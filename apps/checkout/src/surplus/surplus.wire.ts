import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { PRINTABLE } from '../platform-api/printable.js';
import { SurplusView } from '../see-payment/payment-view.wire.js';

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

/** The operators' queue. */
export class StuckSurplusView {
  @ApiProperty({ type: [SurplusOfView], description: 'The longest stuck first, at most 100.' })
  stuck!: SurplusOfView[];
}
