import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEnvelope, encodeEnvelope, type Action } from '@hutong/domain-events';
import { after, anEventId, aProviderRef, REQUESTED_AT } from '@hutong/testing';
import { advance, reportOf, type AttemptEvent, type AttemptState } from './attempt-state.js';
import { anAttempt, aPaid } from './gateway.examples.js';
import type { CloseReport } from './gateway-port.js';

const action: Action = { type: 'qr', content: 'weixin://wxpay/a', validUntil: after(15) };
const newAction: Action = { ...action, content: 'weixin://wxpay/b' };
const paid = aPaid();
const more = { ...paid, providerRef: aProviderRef() };

const states = {
  requested: { status: 'requested' },
  submitted: { status: 'submitted' },
  awaiting_payer: { status: 'awaiting_payer', action },
  unknown: { status: 'unknown', cause: 'timeout' },
  succeeded: { status: 'succeeded', ...paid, late: false },
  failed: { status: 'failed', reason: 'declined' },
  closed: { status: 'closed', reason: 'expired' },
} as const satisfies Record<AttemptState['status'], AttemptState>;

const submitAnswered = (report: Extract<AttemptEvent, { type: 'submit_answered' }>['report']) =>
  ({ type: 'submit_answered', report }) as const;
const queryAnswered = (report: Extract<AttemptEvent, { type: 'query_answered' }>['report']) =>
  ({ type: 'query_answered', report }) as const;
const closeAnswered = (report: CloseReport) =>
  ({ type: 'close_answered', report, reason: 'other_attempt_won' }) as const;

const events = {
  sending: { type: 'sending' },
  'too late': { type: 'too_late' },
  'unpreparable: account': { type: 'unpreparable', refusal: 'account_unknown' },
  'unpreparable: method': { type: 'unpreparable', refusal: 'method_unsupported' },
  'unpreparable: amount': { type: 'unpreparable', refusal: 'amount_unsupported' },
  'unpreparable: expiry': { type: 'unpreparable', refusal: 'expiry_unsupported' },
  'submit: same action': submitAnswered({ kind: 'awaiting_payer', action }),
  'submit: new action': submitAnswered({ kind: 'awaiting_payer', action: newAction }),
  'submit: failed': submitAnswered({ kind: 'failed', reason: 'limit' }),
  'submit: not sent': submitAnswered({ kind: 'not_sent', cause: 'refused' }),
  'submit: settled': submitAnswered({ kind: 'settled', cause: 'order_paid' }),
  'submit: unknown': submitAnswered({ kind: 'unknown', cause: 'http_502' }),
  'submit: paid': submitAnswered({ kind: 'succeeded', ...paid }),
  'query: shown': queryAnswered({ kind: 'awaiting_payer', action: newAction }),
  'query: paid in vain': queryAnswered({ kind: 'succeeded', ...paid, late: true }),
  'query: paid': queryAnswered({ kind: 'succeeded', ...paid }),
  'query: paid by more': queryAnswered({ kind: 'succeeded', ...more }),
  'query: awaiting': queryAnswered({ kind: 'awaiting_payer' }),
  'query: not found': queryAnswered({ kind: 'not_found' }),
  'query: closed': queryAnswered({ kind: 'closed', reason: 'cancelled' }),
  'query: failed': queryAnswered({ kind: 'failed', reason: 'limit' }),
  'query: unknown': queryAnswered({ kind: 'unknown', cause: 'timeout' }),
  'close asked': { type: 'close_asked', reason: 'other_attempt_won' },
  'close: closed': closeAnswered({ kind: 'closed' }),
  'close: settled': closeAnswered({ kind: 'settled', cause: 'order_paid' }),
  'close: unknown': closeAnswered({ kind: 'unknown', cause: 'timeout' }),
  'unpreparable: payer': { type: 'unpreparable', refusal: 'payer_missing' },
  'unpreparable: sealed': { type: 'unpreparable', refusal: 'payer_unreadable' },
  'notified: paid': { type: 'notified', paid },
  'notified: paid by more': { type: 'notified', paid: more },
} as const satisfies Record<string, AttemptEvent>;

/** `succeeded late`, `failed limit`, `duplicate`, … */
function answer(state: AttemptState, event: AttemptEvent): string {
  const step = advance(state, event);
  switch (step.kind) {
    case 'advanced':
      return inWords(step.state);
    case 'refused':
      return step.reason;
    case 'duplicate':
    case 'paid_again':
      return step.kind;
  }
}

function inWords(state: AttemptState): string {
  switch (state.status) {
    case 'succeeded':
      return state.late ? 'paid late' : 'paid';
    case 'failed':
    case 'closed':
      return `${state.status} ${state.reason}`;
    case 'unknown':
      return `unknown ${state.cause}`;
    case 'awaiting_payer':
      return 'shown';
    case 'requested':
    case 'submitted':
      return state.status;
  }
}

type Row = Readonly<{ event: keyof typeof events } & Record<AttemptState['status'], string>>;

describe('an attempt', () => {
  // A new status adds a column, a new event a row: here first, then in the code.
  it.each<Row>`
    event                       | requested                     | submitted                     | awaiting_payer                | unknown                       | succeeded              | failed         | closed
    ${'sending'}                | ${'submitted'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'too late'}               | ${'failed not_submitted'}     | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'unpreparable: account'}  | ${'failed misconfigured'}     | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'unpreparable: method'}   | ${'failed misconfigured'}     | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'unpreparable: amount'}   | ${'failed rejected'}          | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'unpreparable: expiry'}   | ${'failed rejected'}          | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: same action'}    | ${'shown'}                    | ${'shown'}                    | ${'duplicate'}                | ${'shown'}                    | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: new action'}     | ${'shown'}                    | ${'shown'}                    | ${'shown'}                    | ${'shown'}                    | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: failed'}         | ${'failed limit'}             | ${'failed limit'}             | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: not sent'}       | ${'duplicate'}                | ${'requested'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: settled'}        | ${'unknown order_paid'}       | ${'unknown order_paid'}       | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: unknown'}        | ${'unknown http_502'}         | ${'unknown http_502'}         | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'submit: paid'}           | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'duplicate'}         | ${'paid late'} | ${'paid late'}
    ${'query: shown'}           | ${'shown'}                    | ${'shown'}                    | ${'duplicate'}                | ${'shown'}                    | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'query: paid in vain'}    | ${'paid late'}                | ${'paid late'}                | ${'paid late'}                | ${'paid late'}                | ${'duplicate'}         | ${'paid late'} | ${'paid late'}
    ${'query: paid'}            | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'duplicate'}         | ${'paid late'} | ${'paid late'}
    ${'query: paid by more'}    | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid_again'}        | ${'paid late'} | ${'paid late'}
    ${'query: awaiting'}        | ${'duplicate'}                | ${'unknown answer_lost'}      | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'query: not found'}       | ${'duplicate'}                | ${'unknown answer_lost'}      | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'query: closed'}          | ${'closed cancelled'}         | ${'closed cancelled'}         | ${'closed cancelled'}         | ${'closed cancelled'}         | ${'closed_after_paid'} | ${'duplicate'} | ${'duplicate'}
    ${'query: failed'}          | ${'failed limit'}             | ${'failed limit'}             | ${'failed limit'}             | ${'failed limit'}             | ${'failed_after_paid'} | ${'duplicate'} | ${'duplicate'}
    ${'query: unknown'}         | ${'duplicate'}                | ${'unknown timeout'}          | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'close asked'}            | ${'closed other_attempt_won'} | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'close: closed'}          | ${'closed other_attempt_won'} | ${'closed other_attempt_won'} | ${'closed other_attempt_won'} | ${'closed other_attempt_won'} | ${'closed_after_paid'} | ${'duplicate'} | ${'duplicate'}
    ${'close: settled'}         | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'close: unknown'}         | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'unpreparable: payer'}    | ${'failed rejected'}          | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'unpreparable: sealed'}   | ${'failed misconfigured'}     | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}                | ${'duplicate'}         | ${'duplicate'} | ${'duplicate'}
    ${'notified: paid'}         | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'duplicate'}         | ${'paid late'} | ${'paid late'}
    ${'notified: paid by more'} | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid'}                     | ${'paid_again'}        | ${'paid late'} | ${'paid late'}
  `('hearing "$event"', ({ event, ...expected }) => {
    const answers = Object.entries(states).map(([status, state]) => [
      status,
      answer(state, events[event]),
    ]);
    expect(Object.fromEntries(answers)).toEqual(expected);
  });

  it('that was too late failed for the provider only if a sending of it did not get there', () => {
    const tried = advance(states.submitted, events['submit: not sent']);
    const state = tried.kind === 'advanced' ? tried.state : states.requested;
    expect(state).toEqual({ status: 'requested', unreached: 'refused' });
    expect(answer(state, events['too late'])).toBe('failed provider_down');
  });

  it('has its money, whatever else is heard and in whatever order', () => {
    const anyEvents = fc.array(fc.constantFrom(...Object.values(events)), { maxLength: 12 });
    fc.assert(
      fc.property(anyEvents, anyEvents, (before, behind) => {
        const told: AttemptEvent[] = [...before, events['notified: paid'], ...behind];
        let announced = 0;
        let state: AttemptState = states.requested;
        for (const event of told) {
          const step = advance(state, event);
          if (step.kind !== 'advanced') continue;
          if (step.state.status === 'succeeded') announced += 1;
          state = step.state;
        }
        expect(state.status).toBe('succeeded');
        expect(announced).toBe(1);
      }),
    );
  });

  it('is not sent anew under its refusal once an order may be there', () => {
    const doubts = ['submit: unknown', 'submit: settled', 'query: unknown'] as const;
    const hear = (state: AttemptState, event: AttemptEvent): AttemptState => {
      const step = advance(state, event);
      return step.kind === 'advanced' ? step.state : state;
    };
    for (const doubt of doubts) {
      const inDoubt = hear(states.submitted, events[doubt]);
      expect(hear(inDoubt, events['submit: failed']).status).toBe('unknown');
      expect(hear(inDoubt, events['submit: not sent']).status).toBe('unknown');
    }
  });
});

describe('what the ring is told', () => {
  const attempt = anAttempt();
  type Row = Readonly<{ status: AttemptState['status']; type: string | undefined }>;

  it.each<Row>`
    status              | type
    ${'requested'}      | ${undefined}
    ${'submitted'}      | ${undefined}
    ${'awaiting_payer'} | ${'attempt.awaiting_payer'}
    ${'unknown'}        | ${'attempt.unknown'}
    ${'succeeded'}      | ${'attempt.succeeded'}
    ${'failed'}         | ${'attempt.failed'}
    ${'closed'}         | ${'attempt.closed'}
  `('of an attempt that is $status is $type', ({ status, type }) => {
    const event = reportOf(attempt, states[status]);
    expect(event?.type).toBe(type);
    if (event === undefined) return;
    const envelope = {
      id: anEventId(),
      source: 'wechat-gateway',
      occurredAt: REQUESTED_AT,
      sequence: 1,
    } as const;
    const decoded = decodeEnvelope(encodeEnvelope({ ...envelope, event }));
    const { paymentId, attemptId } = attempt;
    expect(decoded).toMatchObject({
      ok: true,
      value: { event: { paymentId, attemptId, provider: 'wechat' } },
    });
  });
});
