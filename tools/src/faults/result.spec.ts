import { describe, expect, it } from '@jest/globals';
import { INJURIES, type Injury } from './plan/chances.js';
import { isGood, printResult, provesNothing, type SeedResult } from './result.js';
import { tableOf } from './table.js';

const injuries = Object.fromEntries(INJURIES.map((one): [Injury, number] => [one, 2]));

const aResult = (over: Partial<SeedResult> = {}): SeedResult => ({
  seed: 3,
  payments: 10,
  minutes: 1,
  instances: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  trafficSeconds: 60,
  settledSeconds: 90,
  together: 1,
  compared: 10,
  withMoney: 8,
  ends: { paid: 8, closed: 2 },
  takenFen: '900',
  leftFen: '800',
  blows: { kill: 1 },
  startedAgain: [],
  injuries: { ...(injuries as SeedResult['injuries']), slow: 0 },
  redelivered: { records: 50, sentAgain: 1, deliveredAgain: 0 },
  counts: { 'payments asked for': 10 },
  findings: [],
  timelines: [],
  ...over,
});

describe('what a seed came to', () => {
  it('is good if nothing was found and much was struck', () => {
    expect(isGood(aResult())).toBe(true);
    expect(printResult(aResult())).toContain('seed 3: all books agree');
    expect(printResult(aResult())).toContain('not struck slow');
  });

  it.each<[string, Partial<SeedResult>]>([
    ['no payment was compared', { compared: 0 }],
    ['no money moved', { withMoney: 0 }],
    ['nothing was killed', { blows: { freeze: 2 } }],
    ['nothing was redelivered', { redelivered: { records: 9, sentAgain: 0, deliveredAgain: 0 } }],
  ])('shows nothing if %s', (why, over) => {
    expect(provesNothing(aResult(over))).toBe(why);
    expect(isGood(aResult(over))).toBe(false);
    expect(printResult(aResult(over))).toContain(`!! ${why}`);
  });

  it('is told with every finding and its timelines', () => {
    const found = aResult({
      findings: ['p1: ledger has 0 left'],
      timelines: ['payment p1\n  all'],
    });
    const printed = printResult(found);
    expect(printed).toContain('seed 3: FAILED');
    expect(printed).toContain('!! p1: ledger has 0 left');
    expect(printed).toMatch(/payment p1\n {2}all$/);
  });
});

it('is a line of a table, with what came again counted once for seeds that were judged together', () => {
  const table = tableOf([aResult({ together: 2 }), aResult({ seed: 4, together: 2 })]);
  const [head, , first, second] = table.split('\n');
  expect(head?.split('|')).toHaveLength(first?.split('|').length ?? 0);
  expect(first).toMatch(/^\| 3 \| 10 \| 8 \| 9\.00 \| 8\.00 \| 1 \|.* agree \|$/);
  expect(second).toMatch(/^\| 4 /);
  expect(table).toContain('In all 20 payments were compared');
  expect(table).toContain('Of 50 records 1 were sent again');
});
