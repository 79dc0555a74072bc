import { ApiProperty } from '@nestjs/swagger';

/** Up to where outcomes were heard when the answer was made: it holds at least those. */
export class WatermarkView {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { '0': '128', '1': '131' },
    description: 'The next offset of each partition of payment.outcomes.',
  })
  nextOffsets!: Readonly<Record<string, string>>;
}
