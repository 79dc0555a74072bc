import { PROVIDERS } from '@hutong/domain-events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MoneyBody } from './money.wire.js';

class InvalidFieldView {
  @ApiProperty({ example: 'amount.minor' }) path!: string;
  @ApiProperty({ type: [String], example: ['matches'] }) rules!: string[];
}

/** RFC 9457 problem details. Clients branch on `code`. */
export class ProblemView {
  @ApiProperty({ example: 'urn:hutong:problem:already_paid' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ type: 'integer' }) status!: number;
  @ApiProperty({ description: 'Stable.' }) code!: string;
  @ApiPropertyOptional() detail?: string;
  @ApiPropertyOptional({ example: 'urn:hutong:trace:4bf92f3577b34da6a3ce929d0e0e4736' })
  instance?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of `order_already_has_payment`.' })
  paymentId?: string;
  @ApiPropertyOptional({ description: 'Of `endpoint_exists`.' }) endpointId?: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Of `offer_superseded`: the newest offer.' })
  current?: number;
  @ApiPropertyOptional({ type: MoneyBody, description: 'Of `exceeds_refundable`.' })
  left?: MoneyBody;
  @ApiPropertyOptional({
    enum: PROVIDERS,
    description:
      'Of `pay_code_unsupported`, `pay_code_of_another_app`, `pay_code_not_offered`: whose code it is.',
  })
  issuer?: string;
  @ApiPropertyOptional({ description: 'Of `scope_missing`.' }) scope?: string;
  @ApiPropertyOptional({ type: [InvalidFieldView], description: 'Of `invalid_request`.' })
  errors?: InvalidFieldView[];
}
