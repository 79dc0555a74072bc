import { actionFrom, actionToWire, WireAction, WireActionV1 } from '../action-wire.js';
import type { Action } from '../action.js';
import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { PROVIDERS, type Provider } from '../method.js';
import { IsOne } from '../nested.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** The provider has the order; this is what to show the payer. From the gateways, for checkout and routing; topic gateway.reports. */
export type AttemptAwaitingPayer = Readonly<{
  type: 'attempt.awaiting_payer';
  paymentId: PaymentId;
  attemptId: AttemptId;
  provider: Provider;
  action: Action;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsOne(() => WireActionV1) action!: WireActionV1;
}

/** There may be nothing to show: the provider asks the payer itself. */
class V2 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsOne(() => WireAction) action!: WireAction;
}

export const attemptAwaitingPayer = defineEvent<AttemptAwaitingPayer, V2>({
  type: 'attempt.awaiting_payer',
  versions: Versions.first(V1).lifted(V2, (older) => older),
  fromWire: (w) => ({
    type: 'attempt.awaiting_payer',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    provider: w.provider,
    action: actionFrom(w.action),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    provider: e.provider,
    action: actionToWire(e.action),
  }),
});
