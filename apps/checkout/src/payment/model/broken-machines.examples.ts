import { close } from '../close.js';
import { outcomesOf } from '../outcomes.js';
import { isWon } from '../payment.js';
import { terms } from '../payment.examples.js';
import { requestRefund } from '../request-refund.js';
import { requestsOf } from '../requests.js';
import {
  anyAmountPays,
  anyWins,
  countsRefundsTwice,
  countsRepeats,
  deafToRefundsByHand,
  deafToTheGivenUp,
  deafWhile,
  leavesOthersOpen,
  parksWhatOvertakes,
} from './broken-hearing.examples.js';
import { MACHINE, type Machine } from './machine.examples.js';
import type { Bound } from './world.examples.js';

const forgetsWhatIsPending: Machine = {
  ...MACHINE,
  requestRefund: (p, wish) => {
    if (!isWon(p)) return requestRefund(p, wish);
    const settled = p.refunds.filter((r) => r.status === 'succeeded' || r.status === 'failed');
    const asked = requestRefund({ ...p, refunds: settled }, wish);
    if (!asked.ok) return asked;
    const { refund } = asked.value;
    return { ok: true, value: { refund, payment: { ...p, refunds: [...p.refunds, refund] } } };
  },
};

const closesAtOnce: Machine = {
  ...MACHINE,
  close: (p, reason) =>
    p.status === 'paying'
      ? { ok: true, value: { ...p, status: 'closed', reason } }
      : close(p, reason),
};

const neverExpires: Machine = {
  ...MACHINE,
  close: (p, reason) =>
    p.status === 'offered' && reason === 'expired' ? { ok: true, value: p } : close(p, reason),
};

const keepsSurplus: Machine = {
  ...MACHINE,
  giveSurplusBack: () => ({ ok: false, refusal: { code: 'surplus_not_due' } }),
};

const withoutCloses: Machine = {
  ...MACHINE,
  requestsOf: (...step) =>
    requestsOf(...step).filter(({ type }) => type !== 'payment.close_requested'),
};

const withoutRefunds: Machine = {
  ...MACHINE,
  requestsOf: (...step) =>
    requestsOf(...step).filter(({ type }) => type !== 'payment.refund_requested'),
};

/** Asks for refunds that it has asked for before. */
const asksAgain: Machine = {
  ...MACHINE,
  requestsOf: (before, after) =>
    requestsOf(isWon(before) ? { ...before, refunds: [] } : before, after),
};

/** Asks to close all that is closing, whoever did before. */
const closesAgain: Machine = {
  ...MACHINE,
  requestsOf: (before, after) =>
    requestsOf(before.status === 'requested' ? before : { ...before, attempts: [] }, after),
};

const mute: Machine = {
  ...MACHINE,
  outcomesOf: (...step) =>
    outcomesOf(...step).filter(({ type }) => type !== 'payment.surplus_taken'),
};

/** Says who won at each step after that. */
const tellsTwice: Machine = {
  ...MACHINE,
  outcomesOf: (before, after, at) =>
    isWon(before)
      ? outcomesOf({ ...terms, status: 'requested' }, after, at)
      : outcomesOf(before, after, at),
};

type Broken = Readonly<{
  lacks: string;
  machine: Machine;
  /** The rule that does not hold, in part. */
  shows: string;
  /** Where more than one of each is needed to see it. */
  needs?: Partial<Bound>;
}>;

/** Machines that lack one thing each, and what that shows as. */
export const BROKEN: readonly Broken[] = [
  { lacks: 'a winner that stays', machine: anyWins, shows: 'is paid by other money' },
  { lacks: 'money after closing', machine: deafWhile('closed'), shows: 'heard of [1-1: 12800]' },
  { lacks: 'money while closing', machine: deafWhile('closing'), shows: 'heard of [1-1: 12800]' },
  { lacks: 'money after money', machine: deafWhile('paid'), shows: 'heard of [1-1: 12800,1-2' },
  { lacks: 'money given up', machine: deafToTheGivenUp, shows: 'heard of [1-1: 12800]' },
  { lacks: 'the comparison of money', machine: countsRepeats, shows: 'has [1-1: 12800,1-1' },
  { lacks: 'the comparison of amounts', machine: anyAmountPays, shows: 'has [1-1-F: 12800]' },
  {
    lacks: 'an end for what lost',
    machine: leavesOthersOpen,
    shows: 'stays open for ever',
    needs: { attempts: 2, troubles: 0 },
  },
  { lacks: 'patience with reports', machine: parksWhatOvertakes, shows: 'parked' },
  { lacks: 'refunds counted once', machine: countsRefundsTwice, shows: '6400 of 12800 fen' },
  {
    lacks: 'refunds by hand',
    machine: deafToRefundsByHand,
    shows: 'given back leaves not 12800',
    needs: { troubles: 2 },
  },
  {
    lacks: 'refunds under way',
    machine: forgetsWhatIsPending,
    shows: 'more is asked back',
    needs: { refunds: 2 },
  },
  { lacks: 'patience with open attempts', machine: closesAtOnce, shows: 'may still be paid' },
  { lacks: 'a deadline', machine: neverExpires, shows: 'offered for ever' },
  { lacks: 'the return of surplus', machine: keepsSurplus, shows: 'surplus never goes back' },
  { lacks: 'requests to close', machine: withoutCloses, shows: 'closing for ever' },
  { lacks: 'requests to give back', machine: withoutRefunds, shows: 'refund is never answered' },
  { lacks: 'one request to give back', machine: asksAgain, shows: 'one refund asked twice' },
  {
    lacks: 'one request to close',
    machine: closesAgain,
    shows: 'close one attempt twice',
    needs: { attempts: 2 },
  },
  { lacks: 'one word of the winner', machine: tellsTwice, shows: 'told twice: payment.paid' },
  { lacks: 'word of surplus', machine: mute, shows: 'never told: payment.surplus_taken' },
];
