import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { after, REQUESTED_AT } from '@hutong/testing';
import type { AttemptEvent, AttemptState } from './attempt-state.js';
import { aPaid } from './gateway.examples.js';
import type { AttemptReport } from './gateway-port.js';
import { nextDoubtAt, nextQueryAt, nextWork, settled, type Times } from './next-work.js';

const SECOND_MS = 1_000;
const at = (seconds: number): Date => new Date(REQUESTED_AT.getTime() + seconds * SECOND_MS);
const secondsOf = (date: Date | undefined): number | undefined =>
  date && (date.getTime() - REQUESTED_AT.getTime()) / SECOND_MS;

const paid = aPaid();
const action = { type: 'qr', content: 'weixin://wxpay/a', validUntil: after(15) } as const;
const states = {
  requested: { status: 'requested' },
  submitted: { status: 'submitted' },
  awaiting_payer: { status: 'awaiting_payer', action },
  unknown: { status: 'unknown', cause: 'timeout' },
  succeeded: { status: 'succeeded', late: false, ...paid },
  failed: { status: 'failed', reason: 'declined' },
  closed: { status: 'closed', reason: 'expired' },
} as const satisfies Record<AttemptState['status'], AttemptState>;

const answered = (report: AttemptReport): AttemptEvent => ({ type: 'query_answered', report });
const events = {
  sending: { type: 'sending' },
  'too late': { type: 'too_late' },
  shown: { type: 'submit_answered', report: { kind: 'awaiting_payer', action } },
  'not sent': { type: 'submit_answered', report: { kind: 'not_sent', cause: 'refused' } },
  settled: { type: 'submit_answered', report: { kind: 'settled', cause: 'order_paid' } },
  'submit refused': { type: 'submit_answered', report: { kind: 'failed', reason: 'limit' } },
  'submit unknown': { type: 'submit_answered', report: { kind: 'unknown', cause: 'timeout' } },
  'not found': answered({ kind: 'not_found' }),
  awaiting: answered({ kind: 'awaiting_payer' }),
  'query unknown': answered({ kind: 'unknown', cause: 'timeout' }),
  'query paid': answered({ kind: 'succeeded', ...paid }),
  'query closed': answered({ kind: 'closed', reason: 'expired' }),
  notified: { type: 'notified', paid },
} as const satisfies Record<string, AttemptEvent>;

/** Sent when it was requested, to be paid and sent within 15 minutes. */
const times = (now: number, said: Partial<Times> = {}): Times => ({
  now: at(now),
  submittedAt: REQUESTED_AT,
  expiresAt: after(15),
  notAfter: after(15),
  ...said,
});

describe('what is next', () => {
  type Row = Readonly<{
    state: keyof typeof states;
    event: keyof typeof events;
    now: number;
    next: string | undefined;
  }>;

  it.each<Row>`
    state               | event               | now     | next
    ${'requested'}      | ${'too late'}       | ${0}    | ${'submit 0'}
    ${'requested'}      | ${'not sent'}       | ${10}   | ${'submit 12'}
    ${'requested'}      | ${'not sent'}       | ${899}  | ${'submit 900'}
    ${'requested'}      | ${'not sent'}       | ${900}  | ${'submit 902'}
    ${'submitted'}      | ${'sending'}        | ${0}    | ${'query 0'}
    ${'awaiting_payer'} | ${'shown'}          | ${0}    | ${'query 5'}
    ${'awaiting_payer'} | ${'awaiting'}       | ${5}    | ${'query 35'}
    ${'awaiting_payer'} | ${'not found'}      | ${36}   | ${'query 95'}
    ${'awaiting_payer'} | ${'query unknown'}  | ${900}  | ${'query 905'}
    ${'awaiting_payer'} | ${'awaiting'}       | ${905}  | ${'query 935'}
    ${'unknown'}        | ${'submit unknown'} | ${0.1}  | ${'query 1.1'}
    ${'unknown'}        | ${'submit unknown'} | ${5}    | ${'query 7.5'}
    ${'unknown'}        | ${'query unknown'}  | ${7.5}  | ${'query 11.25'}
    ${'unknown'}        | ${'query unknown'}  | ${80}   | ${'query 95'}
    ${'unknown'}        | ${'submit refused'} | ${8}    | ${'query 12'}
    ${'unknown'}        | ${'not sent'}       | ${8}    | ${'query 12'}
    ${'unknown'}        | ${'settled'}        | ${60}   | ${'query 61'}
    ${'unknown'}        | ${'not found'}      | ${60}   | ${'submit 60'}
    ${'unknown'}        | ${'awaiting'}       | ${899}  | ${'submit 899'}
    ${'unknown'}        | ${'awaiting'}       | ${900}  | ${'query 905'}
    ${'unknown'}        | ${'not found'}      | ${901}  | ${'query 905'}
    ${'succeeded'}      | ${'notified'}       | ${60}   | ${undefined}
    ${'succeeded'}      | ${'query paid'}     | ${60}   | ${undefined}
    ${'succeeded'}      | ${'shown'}          | ${60}   | ${undefined}
    ${'succeeded'}      | ${'query unknown'}  | ${60}   | ${'query 120'}
    ${'failed'}         | ${'submit refused'} | ${60}   | ${undefined}
    ${'failed'}         | ${'query unknown'}  | ${60}   | ${'query 120'}
    ${'closed'}         | ${'query closed'}   | ${1000} | ${undefined}
    ${'closed'}         | ${'query unknown'}  | ${1000} | ${'query 1060'}
  `('for an attempt that is $state after "$event" at $now s: $next', (row) => {
    const work = nextWork(states[row.state], events[row.event], times(row.now));
    expect(work && `${work.action} ${secondsOf(work.at)}`).toBe(row.next);
  });

  it('is never to send after notAfter, whatever was heard', () => {
    const late = times(60, { notAfter: at(60) });
    for (const event of Object.values(events)) {
      expect(nextWork(states.unknown, event, late)?.action).toBe('query');
    }
  });

  it('never lets an open attempt go unasked, and never asks in a circle without time passing', () => {
    const anyTimes = fc
      .tuple(fc.nat({ max: 200_000 }), fc.integer({ min: 1, max: 7 * 86_400 }))
      .map(([now, life]) => times(now, { expiresAt: at(life), notAfter: at(life) }));
    const open = fc.constantFrom(states.awaiting_payer, states.unknown);
    const anyEvent = fc.constantFrom<AttemptEvent>(...Object.values(events));
    fc.assert(
      fc.property(open, anyEvent, anyTimes, (state, event, known) => {
        const work = nextWork(state, event, known);
        expect(work).toBeDefined();
        // Sending at once follows only what was just asked; the answer to that is waited for again.
        if (work?.action === 'query')
          expect(work.at.getTime()).toBeGreaterThan(known.now.getTime());
        else expect(event.type).toBe('query_answered');
      }),
    );
  });
});

describe('the plan of asking', () => {
  /** Every time at which an order that stays silent is asked for, in seconds from its sending. */
  const asked = (ask: typeof nextQueryAt, expiresAt: Date, count: number): number[] => {
    const all: number[] = [];
    let now = 0;
    for (let i = 0; i < count; i += 1) {
      now = secondsOf(ask({ now: at(now), submittedAt: REQUESTED_AT, expiresAt })) ?? NaN;
      all.push(now);
    }
    return all;
  };

  it('follows silence less and less often, at the expiry, and anew from there', () => {
    expect(asked(nextQueryAt, at(900), 9)).toEqual([5, 35, 95, 275, 575, 905, 935, 995, 1_175]);
    expect(asked(nextQueryAt, at(86_400), 10).slice(5)).toEqual([
      1_175, 2_975, 4_775, 6_575, 8_375,
    ]);
  });

  it('is quicker in doubt: somebody waits to be shown something', () => {
    expect(asked(nextDoubtAt, at(900), 9)).toEqual([1, 2, 3, 4.5, 5, 7.5, 11.25, 16.875, 25.312]);
  });

  it('is the same for whoever makes it: nothing but times goes in', () => {
    const now = fc.nat({ max: 100_000 });
    fc.assert(
      fc.property(now, now, (one, other) => {
        const plan = (seconds: number) =>
          nextQueryAt({ now: at(seconds), submittedAt: REQUESTED_AT, expiresAt: at(900) });
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(plan(early).getTime()).toBeLessThanOrEqual(plan(late).getTime());
      }),
    );
  });
});

describe('an order that is not there', () => {
  type Row = Readonly<{ now: number; kind: AttemptReport['kind'] }>;
  it.each<Row>`
    now    | kind
    ${0}   | ${'not_found'}
    ${900} | ${'not_found'}
    ${959} | ${'not_found'}
    ${960} | ${'closed'}
  `('$now s after it was asked for, with a life of 900, is $kind', ({ now, kind }) => {
    const known = { now: at(now), expiresAt: at(900) };
    expect(settled({ kind: 'not_found' }, known).kind).toBe(kind);
    expect(settled({ kind: 'awaiting_payer' }, known).kind).toBe('awaiting_payer');
  });
});
