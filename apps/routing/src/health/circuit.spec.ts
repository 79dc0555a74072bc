import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAILURE_REASONS, type FailureReason } from '@hutong/domain-events';
import {
  anAttemptAwaitingPayer,
  anAttemptClosed,
  anAttemptFailed,
  anAttemptSucceeded,
  anAttemptUnknown,
} from '@hutong/testing';
import {
  after,
  CIRCUIT,
  countsFor,
  evidenceOf,
  HEALTHY,
  mayBeSent,
  phaseOf,
  tried,
  type Circuit,
  type Evidence,
} from './circuit.js';

const start = new Date('2026-11-24T08:00:00.000Z');
const at = (ms: number) => new Date(start.getTime() + ms);
const closed: Circuit = { state: 'closed', since: start };
const open = { state: 'open', since: start, probeAt: at(30_000) } as const satisfies Circuit;

describe('what a report says of its provider', () => {
  const good: FailureReason[] = ['declined', 'insufficient_funds', 'payer_account', 'limit'];
  const bad: FailureReason[] = ['provider_down'];

  it.each([...FAILURE_REASONS])('a failure of the reason %s', (reason) => {
    const expected = good.includes(reason) ? 'good' : bad.includes(reason) ? 'bad' : 'none';
    expect(evidenceOf(anAttemptFailed({ reason }))).toBe(expected);
  });

  it('anything else', () => {
    expect(
      [anAttemptAwaitingPayer(), anAttemptSucceeded(), anAttemptClosed(), anAttemptUnknown()].map(
        evidenceOf,
      ),
    ).toEqual(['good', 'good', 'none', 'bad']);
  });
});

describe('a closed circuit', () => {
  type Row = { evidence: 'good' | 'bad'; good: number; bad: number; state: Circuit['state'] };
  it.each<Row>`
    evidence  | good  | bad  | state
    ${'bad'}  | ${0}  | ${4} | ${'closed'}
    ${'bad'}  | ${0}  | ${5} | ${'open'}
    ${'bad'}  | ${5}  | ${5} | ${'open'}
    ${'bad'}  | ${6}  | ${5} | ${'closed'}
    ${'bad'}  | ${99} | ${9} | ${'closed'}
    ${'good'} | ${5}  | ${5} | ${'closed'}
  `(
    'that hears a $evidence one, $good good and $bad bad in the window, is $state',
    ({ evidence, state, ...tally }) => {
      const next = after(closed, evidence, tally, at(7));
      expect(next).toEqual(
        state === 'closed' ? closed : { state: 'open', since: at(7), probeAt: at(30_007) },
      );
    },
  );
});

describe('an open circuit', () => {
  it.each<{ ms: number; phase: string; may: boolean; mayOnceTaken: boolean }>`
    ms        | phase          | may      | mayOnceTaken
    ${0}      | ${'open'}      | ${false} | ${false}
    ${29_999} | ${'open'}      | ${false} | ${false}
    ${30_000} | ${'half_open'} | ${true}  | ${false}
    ${34_999} | ${'half_open'} | ${true}  | ${false}
    ${35_000} | ${'half_open'} | ${true}  | ${true}
  `('is $phase after $ms ms, an attempt may be sent: $may', ({ ms, phase, may, mayOnceTaken }) => {
    expect(phaseOf(open, at(ms))).toBe(phase);
    expect(mayBeSent(open, at(ms))).toBe(may);
    expect(mayBeSent(tried(open, at(30_000)), at(ms))).toBe(mayOnceTaken);
  });

  it('closes on a good report of an attempt that tried it', () => {
    expect(after(open, 'good', { good: 1, bad: 9 }, at(31_000))).toEqual({
      state: 'closed',
      since: at(31_000),
    });
  });

  it('rests again after a bad one', () => {
    expect(after(open, 'bad', { good: 0, bad: 1 }, at(31_000))).toEqual({
      state: 'open',
      since: at(31_000),
      probeAt: at(61_000),
    });
  });
});

describe('a report counts', () => {
  type Row = { circuit: Circuit; evidence: Evidence; sentMs: number; counts: boolean };
  it.each<Row>`
    circuit    | evidence  | sentMs    | counts
    ${closed}  | ${'bad'}  | ${0}      | ${true}
    ${closed}  | ${'bad'}  | ${-1}     | ${false}
    ${closed}  | ${'none'} | ${0}      | ${false}
    ${open}    | ${'good'} | ${29_999} | ${false}
    ${open}    | ${'good'} | ${30_000} | ${true}
    ${open}    | ${'bad'}  | ${29_999} | ${false}
    ${open}    | ${'none'} | ${30_000} | ${false}
    ${HEALTHY} | ${'bad'}  | ${-9_999} | ${true}
  `(
    'for one that is $circuit.state, being $evidence, sent after $sentMs ms: $counts',
    ({ circuit, evidence, sentMs, counts }) => {
      expect(countsFor(circuit, { evidence, sentAt: at(sentMs) })).toBe(counts);
    },
  );
});

describe('whatever a provider does', () => {
  type Step = Readonly<{ waitMs: number; evidence: 'good' | 'bad' }>;
  const steps = fc.array(
    fc.record({
      waitMs: fc.integer({ min: 0, max: 20_000 }),
      evidence: fc.constantFrom('good', 'bad'),
    }),
    { maxLength: 60 },
  );

  /** Attempts one after another, each reported at once; with what was allowed, and when. */
  function live(all: readonly Step[]) {
    let circuit: Circuit = HEALTHY;
    let now = start;
    let heard: Readonly<{ at: Date; evidence: 'good' | 'bad' }>[] = [];
    const sent: Readonly<{ at: Date; before: Circuit; next: Circuit; evidence: string }>[] = [];
    for (const { waitMs, evidence } of all) {
      now = new Date(now.getTime() + waitMs);
      if (!mayBeSent(circuit, now)) continue;
      const before: Circuit = circuit;
      if (circuit.state === 'open') circuit = tried(circuit, now);
      heard.push({ at: now, evidence });
      const from = Math.max(now.getTime() - CIRCUIT.windowMs, circuit.since.getTime());
      heard = heard.filter((one) => one.at.getTime() >= from);
      const count = (kind: string) => heard.filter((one) => one.evidence === kind).length;
      circuit = after(circuit, evidence, { good: count('good'), bad: count('bad') }, now);
      sent.push({ at: now, before, next: circuit, evidence });
    }
    return sent;
  }

  const always = (holds: (sent: ReturnType<typeof live>) => boolean) =>
    fc.assert(fc.property(steps, (all) => holds(live(all))));

  it('it never opens on less than five bad reports since it closed', () => {
    always((sent) => {
      let bad = 0;
      return sent.every(({ before, next, evidence }) => {
        bad = before.state === 'closed' && evidence === 'bad' ? bad + 1 : bad;
        const opened = before.state === 'closed' && next.state === 'open';
        const enough = !opened || bad >= CIRCUIT.leastBad;
        if (opened) bad = 0;
        return enough;
      });
    });
  });

  it('nothing is sent while it rests, and while it is tried no two within five seconds', () => {
    always((sent) => {
      const whileOpen = sent.filter(({ before }) => before.state === 'open');
      return whileOpen.every(({ at: when, before }, index) => {
        const last = whileOpen[index - 1];
        const rested = when.getTime() - before.since.getTime() >= CIRCUIT.restMs;
        const apart =
          last === undefined || when.getTime() - last.at.getTime() >= CIRCUIT.probeEveryMs;
        return rested && apart;
      });
    });
  });

  it('one good answer to an attempt that tried it closes it, and only that', () => {
    always((sent) =>
      sent.every(({ before, next, evidence }) =>
        before.state === 'open' ? (next.state === 'closed') === (evidence === 'good') : true,
      ),
    );
  });
});
