import {
  attemptId,
  refundId,
  type AttemptId,
  type Method,
  type ProviderRef,
  type RefundId,
} from '@hutong/domain-events';
import type { PaymentProgress } from '../advance.js';
import type { Decision, Payment } from '../payment.js';
import { anOffer, noOffer, terms } from '../payment.examples.js';
import type { Move } from './explore.examples.js';
import type { Machine } from './machine.examples.js';

/** Nothing in a payment tells one provider from another, so that two stand for any number. */
export const SIDES = ['wechat', 'alipay'] as const;
export type Side = (typeof SIDES)[number];

export const METHODS: Readonly<Record<Side, Method>> = {
  wechat: { provider: 'wechat', instrument: 'wechat_pay', presentation: 'qr' },
  alipay: { provider: 'alipay', instrument: 'alipay', presentation: 'qr' },
};

/** How far one payment is followed. Within it everything is, in every order. */
export type Bound = Readonly<{
  attempts: number;
  /** That the merchant asks for. */
  refunds: number;
  /** How much goes wrong altogether: see `trouble`. */
  troubles: number;
  /** How many events at most come once more after a restart. */
  redelivered: number;
}>;

export type Play = Readonly<{ machine: Machine; bound: Bound }>;

/** Money that a provider has for an order. */
export type Taken = Readonly<{ ref: ProviderRef; minor: bigint; known: boolean }>;

/** One attempt as its gateway and its provider have it. */
export type Order = Readonly<{
  attempt: AttemptId;
  side: Side;
  /** Routing passed it on: else neither has it. */
  passedOn: boolean;
  closeAsked: boolean;
  /** What the gateway believes. */
  known: 'requested' | 'unknown' | 'awaiting_payer' | 'failed' | 'closed' | 'succeeded';
  /** What is so at the provider. */
  there: 'nothing' | 'open' | 'paid' | 'declined' | 'closed';
  taken: readonly Taken[];
}>;

/** One refund as its gateway and its provider have it. */
export type Return = Readonly<{
  refund: RefundId;
  attempt: AttemptId;
  minor: bigint;
  status: 'requested' | 'pending' | 'succeeded' | 'failed';
}>;

/** Events of one producer about the payment, in its order. Those of two producers may cross. */
export type Lane = Readonly<{
  /** The last ones that arrived: what a restart brings again. */
  heard: readonly PaymentProgress[];
  ahead: readonly PaymentProgress[];
}>;

export type Producer = 'routing' | Side;

/**
 * A payment with everything around it that matters to it. Routing answers, and commands reach their
 * gateways, at the moment they are asked: had they come later, whatever the gateway, the provider and
 * the payer did in between could have been done before as well, since none of them sees checkout but
 * through those commands.
 */
export type World = Readonly<{
  payment: Payment;
  /** The payment's deadline has passed. */
  late: boolean;
  /** Routing's newest decision, which checkout may not have heard of. */
  newest: Decision;
  orders: readonly Order[];
  returns: readonly Return[];
  lanes: Readonly<Record<Producer, Lane>>;
  /** What the world was told, each by its name. */
  told: readonly string[];
  /** What whoever only heard the outcomes believes to have been taken less given back. */
  booked: bigint;
  /** How much may still go wrong. */
  troubles: number;
  /** What the last step did that must never be done. */
  wrong?: string | undefined;
}>;

export type WorldMove = Move<World>;

/** Routing has made its first decision, and checkout has not heard of it. */
export const starts = ({ troubles }: Bound): World[] =>
  [anOffer(), noOffer()].map((newest) => ({
    payment: { ...terms, status: 'requested' },
    late: false,
    newest,
    orders: [],
    returns: [],
    lanes: {
      routing: { heard: [], ahead: [newest] },
      wechat: { heard: [], ahead: [] },
      alipay: { heard: [], ahead: [] },
    },
    told: [],
    booked: 0n,
    troubles,
  }));

const ulid = (end: string): string => `01HFZ${end.padStart(21, '0')}`;
/** @param nth from 1. */
export const attemptIdOf = (nth: number): AttemptId => attemptId(ulid(`A${nth}`));
/** Named by what it is, not by when it was asked for, so that worlds that differ in nothing else are one. */
export const refundIdOf = (name: string): RefundId => refundId(ulid(`R${name}`));

/** `producer` announces events, in that order. */
export function say(w: World, producer: Producer, ...events: readonly PaymentProgress[]): World {
  const lane = w.lanes[producer];
  return {
    ...w,
    lanes: { ...w.lanes, [producer]: { ...lane, ahead: [...lane.ahead, ...events] } },
  };
}

/** What has to happen sooner or later: with nothing but that, everything has to come to its end. */
export const duty = (words: string, to: World): WorldMove => ({ words, duty: true, to });
/** What may happen or not. */
export const may = (words: string, to: World): WorldMove => ({ words, duty: false, to });
/** What may go wrong, as long as not too much has. */
export const trouble = (words: string, to: World): WorldMove[] =>
  to.troubles === 0 ? [] : [may(words, { ...to, troubles: to.troubles - 1 })];
