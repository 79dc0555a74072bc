import type { TopicProbe } from '@hutong/messaging';
import {
  Merchant,
  Operator,
  Payer,
  SandboxControl,
  type Ring,
  type RingService,
} from '@hutong/world';
import type { Cast } from './one-payment.js';
import { recordsOf } from './records.js';

/** Everybody who plays in a payment, at the first instance of each service. */
export function castOf(ring: Ring, probe: TopicProbe): Cast {
  const control = new SandboxControl(ring.sandbox);
  return {
    merchant: new Merchant(addressOf(ring, 'checkout'), ring.apiKey),
    payer: new Payer(ring.sandbox),
    operator: new Operator(
      { ledger: addressOf(ring, 'ledger'), routing: addressOf(ring, 'routing') },
      ring.token,
    ),
    recordsOf: (paymentId) => recordsOf(probe, paymentId),
    paidAtProvider: async (attemptId) => {
      const paidAt = (await control.at('wechat').order(attemptId))?.paidAt;
      return paidAt === undefined ? undefined : new Date(paidAt);
    },
  };
}

/** @throws Error if no instance of it runs. */
export function addressOf(ring: Pick<Ring, 'addressesOf'>, service: RingService): URL {
  const [first] = ring.addressesOf(service);
  if (first === undefined) throw new Error(`no instance of ${service} runs`);
  return first;
}
