import 'reflect-metadata';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class InvalidFieldView {
  @ApiProperty({ example: 'amount.minor' }) path!: string;
  @ApiProperty({ type: [String], example: ['matches'] }) rules!: string[];
}

/** RFC 9457 problem details, as every service answers them. Clients branch on `code`. */
export class ProblemView {
  @ApiProperty({ example: 'urn:hutong:problem:payment_unknown' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ type: 'integer' }) status!: number;
  @ApiProperty({ description: 'Stable.' }) code!: string;
  @ApiPropertyOptional() detail?: string;
  @ApiPropertyOptional({ example: 'urn:hutong:trace:4bf92f3577b34da6a3ce929d0e0e4736' })
  instance?: string;
  @ApiPropertyOptional({ description: 'Of `scope_missing`.' }) scope?: string;
  @ApiPropertyOptional({ type: [InvalidFieldView], description: 'Of `invalid_request`.' })
  errors?: InvalidFieldView[];
}
