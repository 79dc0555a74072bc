import { idPatterns } from '@hutong/domain-events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches, ValidateBy } from 'class-validator';
import { IsDay } from '../operator-api/day.wire.js';
import { WatermarkView } from '../operator-api/watermark.wire.js';
import { ADOPTION_INSTRUMENTS, type AdoptionInstrument } from '../posting/leaf.js';
import { ENTITIES, type Entity } from './entity.js';
import { LAUNCH_DAYS } from './launch.js';
import { LONGEST_WINDOW, parseWindow } from './window.js';

const days = { type: String, format: 'date', isArray: true, example: ['2026-11-24'] } as const;
const counts = { type: 'integer', isArray: true, example: [1] } as const;
const ratio = { type: 'number', nullable: true } as const;
const byThis = { type: 'integer', description: 'By this instrument.' } as const;
const byAny = { type: 'integer', description: 'By any instrument.' } as const;
const share = {
  ...ratio,
  example: 0.25,
  description: '`uniques` of `among`. Those of all instruments may add up to more than 1.',
} as const;

export class AdoptionQuery {
  @ApiProperty({ enum: ENTITIES }) @IsIn(ENTITIES) entity!: Entity;
  @ApiProperty({
    enum: ADOPTION_INSTRUMENTS,
    description: 'Whose app paid, whoever took the money. `unionpay` is its two together.',
  })
  @IsIn(ADOPTION_INSTRUMENTS)
  instrument!: AdoptionInstrument;
  @ApiPropertyOptional({ example: 'taobao', description: 'Left out: any.' })
  @IsOptional()
  @Matches(idPatterns.platformId)
  platform?: string;
  @IsDay('The first day, in Beijing.', { required: true }) from!: string;
  @IsDay('The day after the last one.', { required: true }) to!: string;
}

export class SeriesQuery extends AdoptionQuery {
  @ApiPropertyOptional({
    type: String,
    example: '30',
    default: '30',
    description: `Days, from 1 to ${LONGEST_WINDOW}, or \`cumulative\`: since ever.`,
  })
  @IsOptional()
  @ValidateBy({
    name: 'isWindow',
    validator: { validate: (v: unknown) => typeof v === 'string' && parseWindow(v) !== undefined },
  })
  window?: string;
}

export class GrowthQuery extends SeriesQuery {
  @IsOptional()
  @IsDay('The day of the launch. Left out: the first day on which anybody was active.', {
    required: false,
  })
  launch?: string;
}

class AdoptionScope {
  @ApiProperty({ enum: ENTITIES }) entity!: string;
  @ApiProperty({ enum: ADOPTION_INSTRUMENTS }) instrument!: string;
  @ApiPropertyOptional({ description: 'Absent: any.' }) platform?: string;
  @ApiProperty({ format: 'date' }) from!: string;
  @ApiProperty({ format: 'date' }) to!: string;
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}

export class AdoptionView extends AdoptionScope {
  @ApiProperty({ type: 'integer', description: 'How many different ones, exactly.' })
  uniques!: number;
}

/** A part of the members, of all. */
export class PartView {
  @ApiProperty(byThis) uniques!: number;
  @ApiProperty(byAny) among!: number;
  @ApiProperty(share) share!: number | null;
}

export class ShareView extends AdoptionScope {
  @ApiProperty(byThis) uniques!: number;
  @ApiProperty(byAny) among!: number;
  @ApiProperty(share) share!: number | null;
  @ApiPropertyOptional({ type: PartView, description: 'On all other platforms, if one is named.' })
  elsewhere?: PartView;
}

/** Columns: the values of one day have the same index. */
export class SeriesView extends AdoptionScope {
  @ApiProperty({ example: '30' }) window!: string;
  @ApiProperty({ ...days, description: 'The last one of each window.' }) day!: string[];
  @ApiProperty({ ...counts, description: 'In the window that ends with the day.' })
  uniques!: number[];
}

class LaunchView {
  @ApiProperty({ format: 'date' }) from!: string;
  @ApiProperty({ format: 'date', description: `${LAUNCH_DAYS} days later.` }) to!: string;
  @ApiProperty({ type: 'integer' }) uniques!: number;
}

export class GrowthView extends SeriesView {
  @ApiPropertyOptional({ type: LaunchView, description: 'Absent if nobody was active ever.' })
  launch?: LaunchView;
  @ApiProperty({
    type: 'array',
    items: ratio,
    example: [2.25],
    description: '`uniques` against those of the launch; null against nobody.',
  })
  growth!: (number | null)[];
}
