import { idPatterns } from '@hutong/domain-events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { IsDay } from '../operator-api/day.wire.js';
import { WatermarkView } from '../operator-api/watermark.wire.js';
import { ADOPTION_INSTRUMENTS, type AdoptionInstrument } from '../posting/leaf.js';
import { ENTITIES, type Entity } from './entity.js';

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

export class AdoptionView {
  @ApiProperty({ enum: ENTITIES }) entity!: string;
  @ApiProperty({ enum: ADOPTION_INSTRUMENTS }) instrument!: string;
  @ApiPropertyOptional({ description: 'Absent: any.' }) platform?: string;
  @ApiProperty({ format: 'date' }) from!: string;
  @ApiProperty({ format: 'date' }) to!: string;
  @ApiProperty({ type: 'integer', description: 'How many different ones, exactly.' })
  uniques!: number;
  @ApiProperty({ type: WatermarkView }) watermark!: WatermarkView;
}
