import {
  idPatterns,
  PRESENTATIONS,
  PROVIDERS,
  type Presentation,
  type Provider,
} from '@hutong/domain-events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { IsDay } from '../operator-api/day.wire.js';
import { WatermarkView } from '../operator-api/watermark.wire.js';
import { instrumentCode, outcomeCode, reasonCode, type InstrumentKind } from '../posting/codes.js';
import { GRAINS, type Grain } from './volume-question.js';

const INSTRUMENTS = Object.keys(instrumentCode);
const texts = { type: String, isArray: true } as const;
/** `null` where an outcome names none. */
const textsOrNull = { type: 'array', items: { type: 'string', nullable: true } } as const;
const minors = { ...texts, example: ['12800'], description: 'Minor units.' } as const;
const counts = { type: 'integer', isArray: true, example: [1] } as const;

/** Which part of the log. What is not given is not narrowed down. */
export class ScopeQuery {
  @ApiPropertyOptional({ example: 'taobao' })
  @IsOptional()
  @Matches(idPatterns.platformId)
  platform?: string;
  @ApiPropertyOptional({ enum: PROVIDERS, description: 'Who took the money.' })
  @IsOptional()
  @IsIn(PROVIDERS)
  provider?: Provider;
  @ApiPropertyOptional({ enum: INSTRUMENTS, description: 'Whose app paid.' })
  @IsOptional()
  @IsIn(INSTRUMENTS)
  instrument?: InstrumentKind;
  @ApiPropertyOptional({ enum: PRESENTATIONS })
  @IsOptional()
  @IsIn(PRESENTATIONS)
  presentation?: Presentation;
  @IsOptional() @IsDay('The first day, in Beijing.', { required: false }) from?: string;
  @IsOptional() @IsDay('The day after the last one.', { required: false }) to?: string;
}

export class VolumesQuery extends ScopeQuery {
  @ApiPropertyOptional({ enum: GRAINS, description: 'Splits the period; left out, it is one.' })
  @IsOptional()
  @IsIn(GRAINS)
  grain?: Grain;
}

/** Columns: the values of one cell have the same index. */
class ScopeColumns {
  @ApiProperty({ ...texts, example: ['taobao'] }) platform!: string[];
  @ApiProperty({ ...textsOrNull, example: ['wechat'] }) provider!: (string | null)[];
  @ApiProperty({ ...textsOrNull, example: ['wechat_pay'] }) instrument!: (string | null)[];
  @ApiProperty({ ...textsOrNull, example: ['qr'] }) presentation!: (string | null)[];
}

export class VolumesView extends ScopeColumns {
  @ApiPropertyOptional({ ...texts, description: 'First moments; with `grain` alone.' })
  bucket?: string[];
  @ApiProperty({ ...texts, example: ['CNY'] }) currency!: string[];
  @ApiProperty({ ...counts, description: 'Payments paid.' }) ok!: number[];
  @ApiProperty({ ...counts, description: 'Refunds, partial ones too.' }) refunds!: number[];
  @ApiProperty(minors) gross!: string[];
  @ApiProperty(minors) fee!: string[];
  @ApiProperty(minors) refunded!: string[];
  @ApiProperty(minors) feeBack!: string[];
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}

export class ReasonsView extends ScopeColumns {
  @ApiProperty({ ...texts, enum: Object.keys(outcomeCode) }) outcome!: string[];
  @ApiProperty({ ...texts, enum: Object.keys(reasonCode) }) reason!: string[];
  @ApiProperty(counts) count!: number[];
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}
