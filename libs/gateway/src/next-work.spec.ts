import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { after, REQUESTED_AT, WECHAT_QR } from '@hutong/testing';
import { USUAL_PLAN, type AskingPlan } from './asking-plan.js';
import type { AttemptEvent, AttemptState } from './attempt-state.js';
import { aPaid } from './gateway.examples.js';
import type { AttemptReport } from './gateway-port.js';
import { nextDoubtAt, nextQueryAt, nextWork, type Times } from './next-work.js';

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
  succeeded: { status: 'succeeded', ...paid, late: false },
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
  'close asked': { type: 'close_asked', reason: 'cancelled' },
  'close settled': {
    type: 'close_answered',
    report: { kind: 'settled', cause: 'order_paid' },
    reason: 'cancelled',
  },
  'close unknown': {
    type: 'close_answered',
    report: { kind: 'unknown', cause: 'timeout' },
    reason: 'cancelled',
  },
} as const satisfies Record<string, AttemptEvent>;

/** Sent when it was requested, to be paid and sent within 15 minutes. */
const times = (now: number, said: Partial<Times> = {}): Times => ({
  now: at(now),
  submittedAt: REQUESTED_AT,
  expiresAt: after(15),
  notAfter: after(15),
  deadline: after(15),
  closable: false,
  closing: undefined,
  method: WECHAT_QR,
  plan: USUAL_PLAN,
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

  type Closable = Row & Readonly<{ asked: number | undefined }>;
  it.each<Closable>`
    state               | event               | asked        | now      | next
    ${'awaiting_payer'} | ${'awaiting'}       | ${undefined} | ${600}   | ${'query 900'}
    ${'awaiting_payer'} | ${'awaiting'}       | ${undefined} | ${899}   | ${'query 900'}
    ${'awaiting_payer'} | ${'awaiting'}       | ${undefined} | ${900}   | ${'close 900'}
    ${'awaiting_payer'} | ${'query unknown'}  | ${undefined} | ${900}   | ${'query 901'}
    ${'unknown'}        | ${'awaiting'}       | ${undefined} | ${900}   | ${'close 900'}
    ${'unknown'}        | ${'submit unknown'} | ${undefined} | ${900}   | ${'query 900'}
    ${'awaiting_payer'} | ${'close asked'}    | ${60}        | ${60}    | ${'query 60'}
    ${'unknown'}        | ${'close asked'}    | ${60}        | ${60}    | ${'query 60'}
    ${'submitted'}      | ${'close asked'}    | ${60}        | ${60}    | ${'query 60'}
    ${'awaiting_payer'} | ${'shown'}          | ${60}        | ${61}    | ${'query 61'}
    ${'awaiting_payer'} | ${'awaiting'}       | ${60}        | ${61}    | ${'close 61'}
    ${'unknown'}        | ${'awaiting'}       | ${60}        | ${61}    | ${'close 61'}
    ${'unknown'}        | ${'not found'}      | ${60}        | ${61}    | ${'query 62'}
    ${'awaiting_payer'} | ${'query unknown'}  | ${60}        | ${64}    | ${'query 66'}
    ${'unknown'}        | ${'query unknown'}  | ${60}        | ${119}   | ${'query 148.5'}
    ${'unknown'}        | ${'query unknown'}  | ${60}        | ${120}   | ${'close 150'}
    ${'unknown'}        | ${'query unknown'}  | ${undefined} | ${960}   | ${'close 990'}
    ${'awaiting_payer'} | ${'close settled'}  | ${60}        | ${90}    | ${'query 91'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${90}    | ${'query 105'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${600}   | ${'query 870'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${800}   | ${'query 905'}
    ${'unknown'}        | ${'query unknown'}  | ${60}        | ${800}   | ${'close 905'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${904}   | ${'query 905'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${905}   | ${'query 960'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${960}   | ${'query 1410'}
    ${'awaiting_payer'} | ${'close unknown'}  | ${60}        | ${10060} | ${'query 11860'}
    ${'closed'}         | ${'close unknown'}  | ${60}        | ${90}    | ${undefined}
  `(
    'where orders are closed, for one that is $state after "$event" at $now s, asked for its end at $asked: $next',
    (row) => {
      const closing =
        row.asked === undefined
          ? undefined
          : { reason: 'cancelled' as const, askedAt: at(row.asked), sentAt: undefined };
      const known = times(row.now, { closable: true, closing });
      const work = nextWork(states[row.state], events[row.event], known);
      expect(work && `${work.action} ${secondsOf(work.at)}`).toBe(row.next);
    },
  );

  it.each<Row>`
    state               | event              | now     | next
    ${'awaiting_payer'} | ${'close asked'}   | ${60}   | ${'query 60'}
    ${'unknown'}        | ${'close asked'}   | ${60}   | ${'query 60'}
    ${'unknown'}        | ${'not found'}     | ${60}   | ${'query 95'}
    ${'awaiting_payer'} | ${'awaiting'}      | ${60}   | ${'query 95'}
    ${'unknown'}        | ${'query unknown'} | ${600}  | ${'query 905'}
    ${'unknown'}        | ${'query unknown'} | ${5000} | ${'query 5675'}
  `(
    'where nothing closes what has to end, for one that is $state after "$event" at $now s: $next',
    ({ state, event, now, next }) => {
      const closing = { reason: 'cancelled', askedAt: at(60), sentAt: undefined } as const;
      const work = nextWork(states[state], events[event], times(now, { closing }));
      expect(work && `${work.action} ${secondsOf(work.at)}`).toBe(next);
    },
  );

  const LATE: AskingPlan = { ...USUAL_PLAN, afterEnd: [600_000, 7_200_000, 86_400_000] };
  it.each<Row>`
    state          | event               | now      | next
    ${'closed'}    | ${'query closed'}   | ${960}   | ${'query 1500'}
    ${'closed'}    | ${'query closed'}   | ${1500}  | ${'query 8100'}
    ${'closed'}    | ${'not found'}      | ${8100}  | ${'query 87300'}
    ${'closed'}    | ${'not found'}      | ${87300} | ${undefined}
    ${'closed'}    | ${'query unknown'}  | ${1500}  | ${'query 1800'}
    ${'closed'}    | ${'query unknown'}  | ${87300} | ${'query 89100'}
    ${'closed'}    | ${'too late'}       | ${900}   | ${undefined}
    ${'closed'}    | ${'close asked'}    | ${60}    | ${undefined}
    ${'failed'}    | ${'not found'}      | ${60}    | ${'query 1500'}
    ${'failed'}    | ${'submit refused'} | ${60}    | ${undefined}
    ${'succeeded'} | ${'query paid'}     | ${1500}  | ${undefined}
  `(
    'where money may come behind the end, for one that is $state after "$event" at $now s: $next',
    ({ state, event, now, next }) => {
      const work = nextWork(states[state], events[event], times(now, { plan: LATE }));
      expect(work && `${work.action} ${secondsOf(work.at)}`).toBe(next);
    },
  );

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
  const asked = (
    ask: typeof nextQueryAt,
    expiresAt: Date,
    count: number,
    plan: AskingPlan = USUAL_PLAN,
  ): number[] => {
    const all: number[] = [];
    let now = 0;
    for (let i = 0; i < count; i += 1) {
      now = secondsOf(ask(times(now, { expiresAt, plan }))) ?? NaN;
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

  it("is its provider's, where it has one", () => {
    const minutes = [300_000, 600_000, 1_800_000] as const;
    const plan: AskingPlan = {
      ofOrder: ({ presentation }) => (presentation === 'barcode' ? [2_000] : minutes),
      inDoubt: [1_000, 2_000, 4_000, 300_000],
    };
    expect(asked(nextQueryAt, at(3_600), 6, plan)).toEqual([300, 900, 2_700, 3_605, 3_900, 4_500]);
    expect(asked(nextDoubtAt, at(3_600), 6, plan)).toEqual([1, 3, 7, 300, 307, 607]);
    const inStore = { plan, method: { ...WECHAT_QR, presentation: 'barcode' as const } };
    expect(secondsOf(nextQueryAt(times(7, inStore)))).toBe(8);
  });

  it('is the same for whoever makes it: nothing but times goes in', () => {
    const now = fc.nat({ max: 100_000 });
    fc.assert(
      fc.property(now, now, (one, other) => {
        const plan = (seconds: number) => nextQueryAt(times(seconds));
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(plan(early).getTime()).toBeLessThanOrEqual(plan(late).getTime());
      }),
    );
  });
});
