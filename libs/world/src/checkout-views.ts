import type { AmountView } from './operator.js';

/** A checkout answer as these clients use it; the service's OpenAPI document says it whole. */
export type PaymentView = Readonly<{
  paymentId: string;
  status: string;
  /** Why it is closing or closed. */
  reason?: string;
  offer?: Readonly<{
    number: number;
    validUntil: string;
    methods: readonly Readonly<{ method: string; label: string }>[];
    refused: readonly Readonly<{ method: string; reasons: readonly string[] }>[];
  }>;
  attempts: readonly AttemptView[];
  receipt?: ReceiptView;
  refunds: readonly RefundView[];
  surplus: readonly SurplusView[];
}>;

export type AttemptView = Readonly<{
  attemptId: string;
  method: string;
  status: string;
  action?: Readonly<{
    type: string;
    content?: string;
    url?: string;
    parameters?: Readonly<Record<string, string>>;
    validUntil: string;
  }>;
}>;

/** Money that came: who took it, and whose app it came from. */
export type ReceiptView = Readonly<{
  attemptId: string;
  provider: string;
  instrument: string;
  providerRef: string;
  amount: AmountView;
}>;
export type RefundView = Readonly<{ refundId: string; status: string; amount: AmountView }>;
export type SurplusView = ReceiptView &
  Readonly<{ status: string; reason: string; refunds: readonly RefundView[] }>;
