import {
  CLOSE_REASONS,
  FAILURE_REASONS,
  PROVIDERS,
  SURPLUS_REASONS,
  type Action,
} from '@hutong/domain-events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { attemptTable } from '../payment/attempt.js';
import { PAYMENT_CLOSE_REASONS } from '../payment/payment.js';
import { STATUSES } from '../payment/payment-table.js';
import { refundTable } from '../payment/refund.js';
import { surplusTable } from '../payment/surplus.js';
import { linkStandings } from '../share-link/share-link.js';
import { MoneyBody } from '../platform-api/money.wire.js';

const ATTEMPT_STATUSES = Object.keys(attemptTable);

const REFUND_STATUSES = Object.keys(refundTable);
const SURPLUS_STATUSES = Object.keys(surplusTable);

/** What a caller does with each; `link` is what a shared link is answered with when it is made. */
const actions: Readonly<Record<Action['type'] | 'link', string>> = {
  qr: 'show `content` as a QR code',
  redirect: "send the payer's browser to `url`",
  app: "start the provider's app with `parameters`",
  mini_program: 'pay with `parameters` within the mini program',
  wait: "nothing to show: the provider has the payer's code, and asks the payer itself",
  link: 'give `url` to whoever is to pay',
};
const time = { type: String, format: 'date-time' } as const;

export class ActionView {
  @ApiProperty({
    enum: Object.keys(actions),
    description: Object.entries(actions)
      .map(([type, what]) => `\`${type}\`: ${what}.`)
      .join(' '),
  })
  type!: string;
  @ApiPropertyOptional({ description: 'Of a QR code.' }) content?: string;
  @ApiPropertyOptional({ format: 'uri', description: 'Of a redirect or a link.' }) url?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What an app or mini program is started with.',
  })
  parameters?: Readonly<Record<string, string>>;
  @ApiProperty(time) validUntil!: string;
}

export class AttemptView {
  @ApiProperty({ description: 'Also the order number at the provider.' }) attemptId!: string;
  @ApiProperty({ type: 'integer' }) offer!: number;
  @ApiProperty({ example: 'wechat/wechat_pay/qr' }) method!: string;
  @ApiProperty({ enum: ATTEMPT_STATUSES }) status!: string;
  @ApiProperty(time) selectedAt!: string;
  @ApiPropertyOptional({ type: ActionView, description: 'What to show the payer.' })
  action?: ActionView;
  @ApiPropertyOptional({
    enum: [...FAILURE_REASONS, ...CLOSE_REASONS],
    description: 'Of an attempt that failed, is closing or was closed.',
  })
  reason?: string;
  @ApiPropertyOptional({ type: [String], description: 'Of a refused attempt, in words.' })
  reasons?: string[];
}

export class ShareLinkView {
  @ApiProperty({ description: 'The `attemptId` that choosing it was answered with.' })
  linkId!: string;
  @ApiProperty({ type: 'integer', description: 'That it was chosen from.' }) offer!: number;
  @ApiProperty({ example: 'wechat/wechat_pay/link' }) method!: string;
  @ApiProperty({
    enum: Object.keys(linkStandings),
    description: 'What it is good for. Its address is shown to whoever chose it, and not here.',
  })
  status!: string;
  @ApiProperty(time) madeAt!: string;
  @ApiProperty(time) validUntil!: string;
  @ApiProperty({ type: 'integer', description: 'How many attempts were sent through it.' })
  presses!: number;
  @ApiPropertyOptional({ description: 'The newest of them, one of `attempts`.' })
  lastAttemptId?: string;
}

export class OfferedMethodView {
  @ApiProperty({ example: 'wechat/wechat_pay/qr' }) method!: string;
  @ApiProperty({ example: 'WeChat Pay' }) label!: string;
}

export class RefusedMethodView {
  @ApiProperty({ example: 'wechat/wechat_pay/qr' }) method!: string;
  @ApiProperty({ type: [String] }) reasons!: string[];
}

export class OfferView {
  @ApiProperty({ type: 'integer' }) number!: number;
  @ApiPropertyOptional({ ...time, description: 'Absent where nothing is offered.' })
  validUntil?: string;
  @ApiProperty({ type: [OfferedMethodView] }) methods!: OfferedMethodView[];
  @ApiProperty({ type: [RefusedMethodView] }) refused!: RefusedMethodView[];
}

export class ReceiptView {
  @ApiProperty() attemptId!: string;
  @ApiProperty({ enum: PROVIDERS }) provider!: string;
  @ApiProperty({ description: 'Whose app paid.', example: 'wechat_pay' }) instrument!: string;
  @ApiProperty({ description: "The provider's own number." }) providerRef!: string;
  @ApiProperty({ type: MoneyBody }) amount!: MoneyBody;
  @ApiProperty(time) paidAt!: string;
}

export class RefundView {
  @ApiProperty({ description: 'Also the refund number at the provider.' }) refundId!: string;
  @ApiProperty({ enum: REFUND_STATUSES }) status!: string;
  @ApiProperty({ type: MoneyBody }) amount!: MoneyBody;
  @ApiPropertyOptional({ description: 'What the payer was told.' }) reason?: string;
  @ApiProperty(time) requestedAt!: string;
  @ApiPropertyOptional({ enum: FAILURE_REASONS, description: 'Why it gave nothing back.' })
  failureReason?: string;
  @ApiPropertyOptional({ description: "The provider's own number." }) providerRef?: string;
  @ApiPropertyOptional({ ...time, description: 'When the provider gave it back.' })
  refundedAt?: string;
}

export class SurplusView extends ReceiptView {
  @ApiProperty({
    enum: SURPLUS_STATUSES,
    description: 'It goes back by itself; `stuck` waits for a person here.',
  })
  status!: string;
  @ApiProperty({ enum: SURPLUS_REASONS }) reason!: string;
  @ApiProperty({ type: [RefundView], description: 'Every try to give it back, oldest first.' })
  refunds!: RefundView[];
}

export class PaymentView {
  @ApiProperty({ format: 'uuid' }) paymentId!: string;
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiProperty() orderReference!: string;
  @ApiProperty() merchantId!: string;
  @ApiProperty({ type: MoneyBody }) amount!: MoneyBody;
  @ApiProperty(time) requestedAt!: string;
  @ApiProperty(time) expiresAt!: string;
  @ApiPropertyOptional({
    enum: PAYMENT_CLOSE_REASONS,
    description: 'Of a payment that is closing or closed.',
  })
  reason?: string;
  @ApiPropertyOptional({ type: OfferView }) offer?: OfferView;
  @ApiProperty({ type: [AttemptView] }) attempts!: AttemptView[];
  @ApiProperty({ type: [ShareLinkView], description: 'By which somebody else may pay.' })
  links!: ShareLinkView[];
  @ApiPropertyOptional({ type: ReceiptView, description: 'The money that paid it.' })
  receipt?: ReceiptView;
  @ApiProperty({ type: [RefundView], description: 'What was asked back of it.' })
  refunds!: RefundView[];
  @ApiProperty({ type: [SurplusView] }) surplus!: SurplusView[];
}
