import { IsBoolean, IsString, Length } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';

const time = { type: String, format: 'date-time' } as const;
const target = {
  example: 'wechat/wechat_pay/qr',
  description: 'A provider, `wechat`, or one of its methods.',
} as const;
const reason = { example: 'Refunds of the provider fail', minLength: 1, maxLength: 200 } as const;

/** What an operator asks for. */
export class TurnSwitchBody {
  @ApiProperty(target) @IsString() @Length(1, 64) target!: string;
  @ApiProperty({ description: 'True takes it out of all offers, at once.' })
  @IsBoolean()
  off!: boolean;
  @ApiProperty({ ...reason, description: 'Kept for whoever asks later. Nothing about a person.' })
  @IsString()
  @Length(1, 200)
  reason!: string;
}

/** One turn of one switch. */
export class SwitchTurnView {
  @ApiProperty(target) target!: string;
  @ApiProperty() off!: boolean;
  @ApiProperty({ example: 'operator', description: 'The name of the token.' }) turnedBy!: string;
  @ApiProperty(reason) reason!: string;
  @ApiProperty(time) turnedAt!: string;
}

class CircuitView {
  @ApiProperty({ example: 'wechat' }) provider!: string;
  @ApiProperty({ enum: ['closed', 'open', 'half_open'] }) state!: string;
  @ApiProperty({ ...time, description: 'When it last opened or closed.' }) since!: string;
}

/** What stands against providers and methods now, and who made it so. */
export class SwitchesView {
  @ApiProperty({ type: [SwitchTurnView], description: 'What is switched off at this moment.' })
  off!: SwitchTurnView[];
  @ApiProperty({ type: [SwitchTurnView], description: 'The last 100 turns, newest first.' })
  turns!: SwitchTurnView[];
  @ApiProperty({ type: [CircuitView], description: 'How providers do, by what gateways report.' })
  circuits!: CircuitView[];
}
