import { idPatterns, PRESENTATIONS, PROVIDERS } from '@hutong/domain-events';
import { CURRENCIES } from '@hutong/money';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { MoneyBody } from '../operator-api/money.wire.js';
import { instrumentCode } from '../posting/codes.js';
import type { MoneyOutcome } from '../posting/posting.js';

const TYPES = Object.keys({
  'payment.paid': true,
  'payment.refunded': true,
  'payment.surplus_taken': true,
  'payment.surplus_refunded': true,
} satisfies Record<MoneyOutcome['type'], true>);

const time = { type: String, format: 'date-time' } as const;
const ulid = { pattern: idPatterns.attemptId.source, required: false } as const;

export class EntriesQuery {
  @ApiPropertyOptional({ ...ulid, description: 'Whose money: an attempt, …' })
  @IsOptional()
  @Matches(idPatterns.attemptId)
  attempt?: string;

  @ApiPropertyOptional({ ...ulid, description: '… or a refund. One of them.' })
  @IsOptional()
  @Matches(idPatterns.refundId)
  refund?: string;
}

/** What an account gets: a debit is positive. */
export class PostedBody {
  @ApiProperty({ enum: CURRENCIES }) currency!: string;
  @ApiProperty({ pattern: '^(0|-?[1-9]\\d{0,18})$', example: '-12723' }) minor!: string;
}

export class PostingView {
  @ApiProperty({ example: 'merchant:taobao:tea-house:CNY' }) accountId!: string;
  @ApiProperty({ example: 'merchant:taobao:tea-house' }) account!: string;
  @ApiProperty({ type: PostedBody, description: 'Debit positive, credit negative.' })
  amount!: PostedBody;
}

export class EntryView {
  @ApiProperty({ format: 'uuid' }) eventId!: string;
  @ApiProperty({ enum: TYPES }) type!: string;
  @ApiProperty({ example: 'taobao' }) platform!: string;
  @ApiProperty({ enum: PROVIDERS, nullable: true }) provider!: string | null;
  @ApiProperty({ type: String, enum: Object.keys(instrumentCode), nullable: true })
  instrument!: string | null;
  @ApiProperty({ type: String, enum: PRESENTATIONS, nullable: true }) presentation!: string | null;
  @ApiProperty({ type: MoneyBody }) gross!: MoneyBody;
  @ApiProperty({ type: MoneyBody, description: 'At the contract rate.' }) fee!: MoneyBody;
  @ApiProperty({ ...time, description: 'When it happened at the provider.' }) occurredAt!: string;
  @ApiProperty({ ...time, description: 'What the day on which it counts is taken from.' })
  bookedAt!: string;
  @ApiProperty({ format: 'date', description: 'In Beijing.' }) bookedDay!: string;
  @ApiProperty({ type: 'integer', description: 'Of payment.outcomes.' }) partition!: number;
  @ApiProperty({ example: '128' }) offset!: string;
  @ApiProperty({ type: [PostingView] }) postings!: PostingView[];
  @ApiProperty({ example: '0', description: 'Of the postings, in minor units.' }) sum!: string;
}

export class EntriesView {
  @ApiProperty({ type: [EntryView] }) entries!: EntryView[];
}
