import {
  ANSWERS,
  CHANNELS,
  idPatterns,
  merchantId,
  type Answer,
  type Channel,
} from '@hutong/domain-events';
import { parseMoney } from '@hutong/money';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  Length,
  Matches,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';
import { parseInstant } from '../platform-api/instant.js';
import { MoneyBody } from '../platform-api/money.wire.js';
import { PRINTABLE } from '../platform-api/printable.js';
import type { Order } from './request-payment.js';

/** Halves would all be hashed as the same replacement, two payers as one. */
const WHOLE_CHARACTERS = /^\P{Cs}*$/u;

const KNOWN = [true, false, ...ANSWERS] as const;
type Known = (typeof KNOWN)[number];

const IsInstantText = (): PropertyDecorator =>
  ValidateBy({
    name: 'isRfc3339',
    validator: {
      validate: (value) => typeof value === 'string' && parseInstant(value) !== undefined,
    },
  });

const answerDocs = {
  oneOf: [{ type: 'boolean' }, { type: 'string', enum: [...ANSWERS] }],
  description: 'Left out: unknown.',
};

/** What the platform knows of its payer. */
export class PayerBody {
  @ApiProperty({ minLength: 1, maxLength: 128, description: "The platform's own user id; hashed." })
  @IsString()
  @Length(1, 128)
  @Matches(WHOLE_CHARACTERS)
  userId!: string;

  @ApiPropertyOptional(answerDocs)
  @MayBeAbsent()
  @IsIn(KNOWN)
  hasBoundCard?: Known;

  @ApiPropertyOptional(answerDocs)
  @MayBeAbsent()
  @IsIn(KNOWN)
  hasBalance?: Known;

  @ApiPropertyOptional({ type: [String], maxItems: 32, description: 'Left out: unknown.' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(32)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  @Matches(PRINTABLE, { each: true })
  installedApps?: string[];
}

/** One order to be paid once. */
export class PaymentBody {
  @ApiProperty({ pattern: '^[\\x21-\\x7e]{1,64}$', example: 'order-20231124-0001' })
  @IsString()
  @Matches(/^[\x21-\x7e]{1,64}$/)
  orderReference!: string;

  @ApiProperty({ pattern: idPatterns.merchantId.source, example: 'tea-house' })
  @IsString()
  @Matches(idPatterns.merchantId)
  merchantId!: string;

  @ApiProperty({ type: MoneyBody })
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyBody)
  amount!: MoneyBody;

  @ApiProperty({ minLength: 1, maxLength: 127, example: 'Longjing tea, 250 g' })
  @IsString()
  @Length(1, 127)
  @Matches(PRINTABLE)
  description!: string;

  @ApiProperty({ enum: CHANNELS })
  @IsIn(CHANNELS)
  channel!: Channel;

  @ApiProperty({ type: PayerBody })
  @IsObject()
  @ValidateNested()
  @Type(() => PayerBody)
  payer!: PayerBody;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'From 5 seconds to 7 days ahead; 15 minutes if left out.',
  })
  @MayBeAbsent()
  @IsInstantText()
  expiresAt?: string;
}

/** The order that a validated body states. */
export function orderFrom(body: PaymentBody): Order {
  const amount = parseMoney(body.amount);
  if (!amount.ok) throw new Error(`unvalidated money: ${amount.refusal.code}`);
  return {
    orderReference: body.orderReference,
    merchantId: merchantId(body.merchantId),
    amount: amount.value,
    description: body.description,
    channel: body.channel,
    payer: {
      hasBoundCard: answerFrom(body.payer.hasBoundCard),
      hasBalance: answerFrom(body.payer.hasBalance),
      installedApps: body.payer.installedApps,
    },
    expiresAt: body.expiresAt === undefined ? undefined : parseInstant(body.expiresAt),
  };
}

/** Silence is unknown, which never makes anyone eligible. */
function answerFrom(known: Known | undefined): Answer {
  if (known === undefined) return 'unknown';
  if (typeof known === 'string') return known;
  return known ? 'yes' : 'no';
}
