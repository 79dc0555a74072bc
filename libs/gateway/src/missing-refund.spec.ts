import { describe, expect, it } from '@jest/globals';
import { REQUESTED_AT } from '@hutong/testing';
import type { RefundQueryReport } from './gateway-port.js';
import { hearMissing, type Missing } from './missing-refund.js';

const at = (seconds: number): Date => new Date(REQUESTED_AT.getTime() + seconds * 1_000);
const MISSING = { kind: 'missing', cause: 'code_34' } as const;
const hear = (before: Missing | undefined, seconds: number, report: RefundQueryReport = MISSING) =>
  hearMissing(before, { type: 'query_answered', report }, at(seconds));

/** What each answer in a row is taken for. */
const heard = (...seconds: number[]): unknown[] => {
  let missing: Missing | undefined;
  return seconds.map((second) => {
    const step = hear(missing, second);
    missing = step.missing;
    const { event } = step;
    return 'report' in event ? event.report.kind : event.type;
  });
};

describe('a refund of which the provider says that it is not there', () => {
  it('has failed once that was said at every step', () => {
    const steps = [600, 601, 603, 607, 615, 631, 663];
    expect(heard(...steps)).toEqual([...Array.from({ length: 6 }, () => 'unknown'), 'failed']);
  });

  it('has not by one answer, however late, nor by many at once, nor by two far apart', () => {
    expect(heard(86_400)).toEqual(['unknown']);
    expect(heard(600, 600, 600, 600, 600, 600, 600, 600)).not.toContain('failed');
    expect(heard(600, 7_200)).not.toContain('failed');
  });

  it('is asked for again at the steps, from the first such answer on', () => {
    let missing: Missing | undefined;
    const steps = [];
    for (let now = at(600); steps.length < 7;) {
      const step = hear(missing, (now.getTime() - REQUESTED_AT.getTime()) / 1_000);
      missing = step.missing;
      steps.push(step.askAt && (step.askAt.getTime() - REQUESTED_AT.getTime()) / 1_000);
      now = step.askAt ?? now;
    }
    expect(steps).toEqual([601, 603, 607, 615, 631, 663, undefined]);
  });

  it.each<RefundQueryReport>([
    { kind: 'unknown', cause: 'timeout' },
    { kind: 'pending' },
    { kind: 'not_found' },
  ])('is so from the start again once $kind was said between', (report) => {
    const before = { since: at(600), times: 6 };
    expect(hear(before, 663, report)).toMatchObject({ event: { report }, missing: undefined });
    expect(hear(before, 663).event).toMatchObject({ report: { kind: 'failed' } });
  });
});
