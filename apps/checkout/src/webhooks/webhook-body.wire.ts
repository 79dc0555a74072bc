import { ApiProperty } from '@nestjs/swagger';
import { PaymentView } from '../see-payment/payment-view.wire.js';

/** What a webhook carries: the payment as `GET` shows it, and which of its outcomes this is. */
export class WebhookView extends PaymentView {
  @ApiProperty({ example: 'payment.paid', description: 'What became of the payment.' })
  type!: string;
  @ApiProperty({ type: String, format: 'date-time', description: 'When it happened.' })
  timestamp!: string;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: '1, 2, … of this payment at this endpoint: in this order they are sent.',
  })
  sequence!: number;
}
