import { ANSWERS, CHANNELS } from '@hutong/domain-events';
import { CURRENCIES } from '@hutong/money';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const time = { type: String, format: 'date-time' } as const;
const method = { example: 'wechat/wechat_pay/qr' } as const;
const reasons = { type: String, isArray: true, example: ['above the limit'] } as const;

class MoneyView {
  @ApiProperty({ enum: CURRENCIES, example: 'CNY' }) currency!: string;
  @ApiProperty({ example: '12800', description: 'Minor units.' }) minor!: string;
}

class PayerView {
  @ApiProperty({ enum: ANSWERS }) hasBoundCard!: string;
  @ApiProperty({ enum: ANSWERS }) hasBalance!: string;
  @ApiPropertyOptional({ type: [String] }) installedApps?: string[];
}

class InputsView {
  @ApiProperty({ example: 'taobao' }) platform!: string;
  @ApiProperty() merchantId!: string;
  @ApiProperty({ type: MoneyView }) amount!: MoneyView;
  @ApiProperty({ enum: CHANNELS }) channel!: string;
  @ApiProperty({ type: PayerView, description: "What the platform's server said of its payer." })
  payer!: PayerView;
  @ApiProperty(time) requestedAt!: string;
  @ApiProperty(time) expiresAt!: string;
  @ApiProperty({ ...time, description: 'The policy in force at this moment decides.' })
  policyAt!: string;
}

class VerdictView {
  @ApiProperty(method) method!: string;
  @ApiProperty({ example: 'WeChat Pay' }) label!: string;
  @ApiProperty() offered!: boolean;
  @ApiProperty({ ...reasons, description: 'Every reason against it; none if it is offered.' })
  reasons!: string[];
}

export class DecisionView {
  @ApiProperty({ type: 'integer', description: 'A higher number replaces every lower one.' })
  offer!: number;
  @ApiProperty(time) decidedAt!: string;
  @ApiProperty({ example: '2024-09', description: '`none` where no policy was in force.' })
  policyVersion!: string;
  @ApiPropertyOptional({ ...time, description: 'Only where something is offered.' })
  validUntil?: string;
  @ApiProperty({ type: [VerdictView], description: "In the policy's order." })
  methods!: VerdictView[];
}

export class AnswerView {
  @ApiProperty() attemptId!: string;
  @ApiProperty({ type: 'integer', description: 'The offer that was chosen from.' }) offer!: number;
  @ApiProperty(method) method!: string;
  @ApiProperty({ description: 'Somebody else was to pay, through a shared link.' })
  paidByAnother!: boolean;
  @ApiProperty({ enum: ['accepted', 'refused'] }) verdict!: string;
  @ApiProperty({ ...reasons, description: 'Why it was refused.' }) reasons!: string[];
  @ApiProperty(time) decidedAt!: string;
}

/** Why a payer was shown what they were shown. */
export class ExplanationView {
  @ApiProperty({ format: 'uuid' }) paymentId!: string;
  @ApiProperty({ type: InputsView }) inputs!: InputsView;
  @ApiProperty({ type: [DecisionView] }) decisions!: DecisionView[];
  @ApiProperty({ type: [AnswerView] }) choices!: AnswerView[];
}
