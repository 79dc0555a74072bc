import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aProviderRef, aRefundId, AMOUNT, REQUESTED_AT } from '@hutong/testing';
import { anAttempt } from './gateway.examples.js';
import {
  advanceRefund,
  believed,
  mayBeSentAt,
  nextRefundWork,
  refundReportOf,
  type RefundEvent,
  type RefundState,
} from './refund-state.js';

const at = (seconds: number): Date => new Date(REQUESTED_AT.getTime() + seconds * 1_000);
const refunded = { providerRef: aProviderRef(), amount: AMOUNT, refundedAt: at(60) };
const again = { ...refunded, providerRef: aProviderRef() };

const states = {
  requested: { status: 'requested' },
  submitted: { status: 'submitted' },
  pending: { status: 'pending' },
  unknown: { status: 'unknown', cause: 'timeout' },
  succeeded: { status: 'succeeded', ...refunded },
  failed: { status: 'failed', reason: 'declined' },
} as const satisfies Record<RefundState['status'], RefundState>;

const sent = (report: Extract<RefundEvent, { type: 'refund_answered' }>['report']) =>
  ({ type: 'refund_answered', report }) as const;
const asked = (report: Extract<RefundEvent, { type: 'query_answered' }>['report']) =>
  ({ type: 'query_answered', report }) as const;

const events = {
  sending: { type: 'sending' },
  unpreparable: { type: 'unpreparable', refusal: 'account_unknown' },
  'sent: not sent': sent({ kind: 'not_sent', cause: 'refused' }),
  'sent: pending': sent({ kind: 'pending' }),
  'sent: unknown': sent({ kind: 'unknown', cause: 'http_502' }),
  'sent: failed': sent({ kind: 'failed', reason: 'merchant_account' }),
  'sent: back': sent({ kind: 'succeeded', ...refunded }),
  'query: not found': asked({ kind: 'not_found' }),
  'query: pending': asked({ kind: 'pending', stuck: 'refund_abnormal' }),
  'query: unknown': asked({ kind: 'unknown', cause: 'timeout' }),
  'query: failed': asked({ kind: 'failed', reason: 'rejected' }),
  'query: back': asked({ kind: 'succeeded', ...refunded }),
  'query: back again': asked({ kind: 'succeeded', ...again }),
  'notified: back': { type: 'notified', report: { kind: 'succeeded', ...refunded } },
  'notified: pending': { type: 'notified', report: { kind: 'pending' } },
  'notified: failed': { type: 'notified', report: { kind: 'failed', reason: 'rejected' } },
} as const satisfies Record<string, RefundEvent>;

function answer(state: RefundState, event: RefundEvent): string {
  const step = advanceRefund(state, event);
  if (step.kind === 'refused') return step.reason;
  if (step.kind === 'duplicate') return step.kind;
  const next = step.state;
  if (next.status === 'failed') return `failed ${next.reason}`;
  if (next.status === 'unknown') return `unknown ${next.cause}`;
  return next.status === 'succeeded' ? 'back' : next.status;
}

type Row = Readonly<{ event: keyof typeof events } & Record<RefundState['status'], string>>;

describe('a refund', () => {
  // A new status adds a column, a new event a row: here first, then in the code.
  it.each<Row>`
    event                  | requested                    | submitted                    | pending                      | unknown                      | succeeded                  | failed
    ${'sending'}           | ${'submitted'}               | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}             | ${'duplicate'}
    ${'unpreparable'}      | ${'failed misconfigured'}    | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}             | ${'duplicate'}
    ${'sent: not sent'}    | ${'duplicate'}               | ${'requested'}               | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}             | ${'duplicate'}
    ${'sent: pending'}     | ${'pending'}                 | ${'pending'}                 | ${'duplicate'}               | ${'pending'}                 | ${'duplicate'}             | ${'duplicate'}
    ${'sent: unknown'}     | ${'duplicate'}               | ${'unknown http_502'}        | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}             | ${'duplicate'}
    ${'sent: failed'}      | ${'failed merchant_account'} | ${'failed merchant_account'} | ${'failed merchant_account'} | ${'failed merchant_account'} | ${'failed_after_refunded'} | ${'duplicate'}
    ${'sent: back'}        | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'duplicate'}             | ${'back'}
    ${'query: not found'}  | ${'duplicate'}               | ${'unknown answer_lost'}     | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}             | ${'duplicate'}
    ${'query: pending'}    | ${'pending'}                 | ${'pending'}                 | ${'duplicate'}               | ${'pending'}                 | ${'duplicate'}             | ${'duplicate'}
    ${'query: unknown'}    | ${'duplicate'}               | ${'unknown timeout'}         | ${'duplicate'}               | ${'duplicate'}               | ${'duplicate'}             | ${'duplicate'}
    ${'query: failed'}     | ${'failed rejected'}         | ${'failed rejected'}         | ${'failed rejected'}         | ${'failed rejected'}         | ${'failed_after_refunded'} | ${'duplicate'}
    ${'query: back'}       | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'duplicate'}             | ${'back'}
    ${'query: back again'} | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'refunded_again'}        | ${'back'}
    ${'notified: back'}    | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'back'}                    | ${'duplicate'}             | ${'back'}
    ${'notified: pending'} | ${'pending'}                 | ${'pending'}                 | ${'duplicate'}               | ${'pending'}                 | ${'duplicate'}             | ${'duplicate'}
    ${'notified: failed'}  | ${'failed rejected'}         | ${'failed rejected'}         | ${'failed rejected'}         | ${'failed rejected'}         | ${'failed_after_refunded'} | ${'duplicate'}
  `('hearing "$event"', ({ event, ...expected }) => {
    const answers = Object.entries(states).map(([status, state]) => [
      status,
      answer(state, events[event]),
    ]);
    expect(Object.fromEntries(answers)).toEqual(expected);
  });

  it('that went back stays so, whatever else is heard and in whatever order', () => {
    const anyEvents = fc.array(fc.constantFrom<RefundEvent>(...Object.values(events)));
    fc.assert(
      fc.property(anyEvents, anyEvents, (before, behind) => {
        let state: RefundState = states.requested;
        for (const event of [...before, events['notified: back'], ...behind]) {
          const step = advanceRefund(state, event);
          if (step.kind === 'advanced') state = step.state;
        }
        expect(state.status).toBe('succeeded');
      }),
    );
  });
});

describe('the refusal of one sending', () => {
  type Refusal = Readonly<{ earlier: number | undefined; now: number; kind: string }>;
  it.each<Refusal>`
    earlier      | now    | kind
    ${undefined} | ${0}   | ${'failed'}
    ${0}         | ${299} | ${'unknown'}
    ${0}         | ${300} | ${'failed'}
  `('at $now s, sent before at $earlier s: $kind', ({ earlier, now, kind }) => {
    const known = { earlierAt: earlier === undefined ? undefined : at(earlier), now: at(now) };
    expect(believed({ kind: 'failed', reason: 'limit' }, known).kind).toBe(kind);
    expect(believed({ kind: 'pending' }, known).kind).toBe('pending');
  });
});

describe('what is next for a refund', () => {
  type Next = Readonly<{
    state: keyof typeof states;
    event: keyof typeof events;
    now: number;
    next: string | undefined;
  }>;
  it.each<Next>`
    state          | event                 | now      | next
    ${'requested'} | ${'sent: not sent'}   | ${0}     | ${'refund 2'}
    ${'submitted'} | ${'sending'}          | ${0}     | ${'query 0'}
    ${'unknown'}   | ${'sent: unknown'}    | ${0}     | ${'query 1'}
    ${'unknown'}   | ${'query: unknown'}   | ${60}    | ${'query 90'}
    ${'unknown'}   | ${'query: not found'} | ${60}    | ${'refund 60'}
    ${'unknown'}   | ${'sent: failed'}     | ${60}    | ${'query 90'}
    ${'pending'}   | ${'sent: pending'}    | ${0}     | ${'query 30'}
    ${'pending'}   | ${'query: pending'}   | ${30}    | ${'query 60'}
    ${'pending'}   | ${'query: pending'}   | ${600}   | ${'query 900'}
    ${'pending'}   | ${'query: pending'}   | ${90000} | ${'query 91800'}
    ${'succeeded'} | ${'query: back'}      | ${60}    | ${undefined}
    ${'succeeded'} | ${'query: unknown'}   | ${60}    | ${'query 90'}
    ${'failed'}    | ${'query: failed'}    | ${60}    | ${undefined}
  `('that is $state after "$event" at $now s: $next', ({ state, event, now, next }) => {
    const times = { now: at(now), submittedAt: REQUESTED_AT };
    const work = nextRefundWork(states[state], events[event], times);
    const seconds = work && (work.at.getTime() - REQUESTED_AT.getTime()) / 1_000;
    expect(work && `${work.action} ${seconds}`).toBe(next);
  });

  it.each<Readonly<{ state: 'unknown' | 'pending'; event: keyof typeof events }>>([
    { state: 'unknown', event: 'query: unknown' },
    { state: 'pending', event: 'query: pending' },
  ])("that is $state is its provider's plan, where it has one", ({ state, event }) => {
    const times = { now: at(4), submittedAt: REQUESTED_AT, gaps: [1_000, 2_000, 4_000] } as const;
    expect(nextRefundWork(states[state], events[event], times)).toEqual({
      action: 'query',
      at: at(7),
    });
  });

  type Turn = Readonly<{ others: Parameters<typeof mayBeSentAt>[0]; what: string; at: number }>;
  it.each<Turn>([
    { what: 'at once where it is the only one', others: [], at: 100 },
    {
      what: 'at once behind one that waits too',
      others: [{ state: states.requested, sentAt: undefined }],
      at: 100,
    },
    {
      what: 'a minute after one that the provider has',
      others: [{ state: states.pending, sentAt: at(60) }],
      at: 120,
    },
    {
      what: 'at once a minute after it',
      others: [{ state: states.pending, sentAt: at(40) }],
      at: 100,
    },
    {
      what: 'a minute after the last of several',
      others: [
        { state: states.succeeded, sentAt: at(50) },
        { state: states.failed, sentAt: at(70) },
      ],
      at: 130,
    },
    {
      what: 'not while one is in doubt',
      others: [{ state: states.unknown, sentAt: at(0) }],
      at: 102,
    },
    {
      what: 'not while one is sent',
      others: [{ state: states.submitted, sentAt: at(0) }],
      at: 102,
    },
  ])('is sent $what', ({ others, at: seconds }) => {
    const turn = mayBeSentAt(others, { now: at(100), gapMs: 60_000 });
    expect(turn ?? at(100)).toEqual(at(seconds));
  });
});

describe('what the ring is told of a refund', () => {
  const { paymentId, attemptId } = anAttempt();
  const refund = { paymentId, attemptId, refundId: aRefundId() };
  type Told = Readonly<{
    before: keyof typeof states;
    state: keyof typeof states;
    type: string | undefined;
  }>;
  it.each<Told>`
    before         | state          | type
    ${'requested'} | ${'submitted'} | ${undefined}
    ${'submitted'} | ${'requested'} | ${undefined}
    ${'submitted'} | ${'pending'}   | ${'refund.pending'}
    ${'submitted'} | ${'unknown'}   | ${'refund.pending'}
    ${'unknown'}   | ${'pending'}   | ${undefined}
    ${'pending'}   | ${'succeeded'} | ${'refund.succeeded'}
    ${'unknown'}   | ${'failed'}    | ${'refund.failed'}
    ${'failed'}    | ${'succeeded'} | ${'refund.succeeded'}
  `('that was $before and is $state: $type', ({ before, state, type }) => {
    const moved = { provider: 'wechat', before: states[before], state: states[state] } as const;
    expect(refundReportOf(refund, moved)?.type).toBe(type);
  });
});
