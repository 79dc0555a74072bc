import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';
import { DELIVERY_STATUSES, FAULTS } from './delivery.js';

const time = { type: String, format: 'date-time' } as const;
const WEBHOOK_ID = /^msg_[0-9a-f-]{36}$/;

export class EndpointBody {
  @ApiProperty({ format: 'uri', example: 'https://shop.example.com/hutong' })
  @IsString()
  @MaxLength(2_048)
  url!: string;
}

export class EndpointView {
  @ApiProperty({ example: 'we_0193a4c1-8b7e-7c3a-9d52-1f0e5a6b7c8d' }) endpointId!: string;
  @ApiProperty({ format: 'uri' }) url!: string;
  @ApiProperty(time) createdAt!: string;
  @ApiPropertyOptional({ ...time, description: 'Until then the secret before signs as well.' })
  oldSecretUntil?: string;
  @ApiPropertyOptional({ ...time, description: 'Since then nothing is sent there.' })
  disabledAt?: string;
}

export class EndpointSecretView extends EndpointView {
  @ApiProperty({
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    description: 'What its webhooks are signed with, as Standard Webhooks libraries take it.',
  })
  secret!: string;
}

export class EndpointsView {
  @ApiProperty({ type: [EndpointView], description: 'Oldest first, disabled ones included.' })
  endpoints!: EndpointView[];
}

export class DeliveriesQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @MayBeAbsent()
  @IsIn(DELIVERY_STATUSES)
  status?: (typeof DELIVERY_STATUSES)[number];

  @ApiPropertyOptional({ format: 'uuid', description: 'Of one payment.' })
  @MayBeAbsent()
  @IsUUID()
  paymentId?: string;

  @ApiPropertyOptional({ description: 'A webhook id: what is older than it.' })
  @MayBeAbsent()
  @Matches(WEBHOOK_ID)
  before?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @MayBeAbsent()
  @Matches(/^([1-9]\d?|1\d\d|200)$/)
  limit?: string;
}

export class DeliveryView {
  @ApiProperty({ description: 'The header `webhook-id` of each of its tries.' }) webhookId!: string;
  @ApiProperty({ format: 'uuid' }) paymentId!: string;
  @ApiProperty({ type: 'integer', description: '1, 2, … of the payment at this endpoint.' })
  sequence!: number;
  @ApiProperty({ example: 'payment.paid' }) type!: string;
  @ApiProperty({ enum: DELIVERY_STATUSES }) status!: string;
  @ApiProperty(time) createdAt!: string;
  @ApiProperty({ ...time, description: 'Since when it is tried; later after a replay.' })
  queuedAt!: string;
  @ApiProperty({ type: 'integer', description: 'Since it was queued.' }) tries!: number;
  @ApiPropertyOptional(time) lastTriedAt?: string;
  @ApiPropertyOptional({ type: 'integer', description: "The last answer's HTTP status." })
  lastStatus?: number;
  @ApiPropertyOptional({ enum: FAULTS, description: 'Why no answer came to the last try.' })
  lastFault?: string;
}

export class DeliveriesView {
  @ApiProperty({ type: [DeliveryView], description: 'Newest first.' }) deliveries!: DeliveryView[];
  @ApiPropertyOptional({ description: '`before` of the next page; absent on the last one.' })
  next?: string;
}

export class ReplayBody {
  @ApiProperty({ ...time, description: 'Outcomes told since then.' })
  @IsString()
  @MaxLength(40)
  from!: string;

  @ApiProperty({ ...time, description: 'And before then.' })
  @IsString()
  @MaxLength(40)
  to!: string;
}

export class ReplayView {
  @ApiProperty({ type: 'integer', description: 'How many are sent again.' }) queued!: number;
  @ApiPropertyOptional({
    ...time,
    description: 'Where there were more than fit: replay from here on.',
  })
  continueFrom?: string;
}
