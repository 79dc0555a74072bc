import { describe, expect, it } from '@jest/globals';
import { REQUESTED_AT } from '@hutong/testing';
import { settled, type Closing, type Known } from './closing.js';
import type { AttemptReport } from './gateway-port.js';

const at = (seconds: number): Date => new Date(REQUESTED_AT.getTime() + seconds * 1_000);
const asked: Closing = { reason: 'other_attempt_won', askedAt: at(60), sentAt: undefined };

/** Sent when it was requested, to be paid within 15 minutes. */
const known = (now: number, said: Partial<Known> = {}): Known => ({
  askedAt: at(now),
  expiresAt: at(900),
  sentAt: REQUESTED_AT,
  closing: undefined,
  closable: true,
  ...said,
});
const inWords = (report: AttemptReport): string =>
  report.kind === 'closed' ? `closed ${report.reason}` : report.kind;

describe('an order that is not there', () => {
  type Row = Readonly<{ now: number; open: string; toEnd: string }>;
  it.each<Row>`
    now    | open                | toEnd
    ${0}   | ${'not_found'}      | ${'not_found'}
    ${299} | ${'not_found'}      | ${'not_found'}
    ${300} | ${'not_found'}      | ${'closed other_attempt_won'}
    ${899} | ${'not_found'}      | ${'closed other_attempt_won'}
    ${900} | ${'not_found'}      | ${'not_found'}
    ${959} | ${'not_found'}      | ${'not_found'}
    ${960} | ${'closed expired'} | ${'closed other_attempt_won'}
  `('$now s after it was sent is $open, and $toEnd if it has to end', ({ now, open, toEnd }) => {
    const report = { kind: 'not_found' } as const;
    expect(inWords(settled(report, known(now)))).toBe(open);
    expect(inWords(settled(report, known(now, { closing: asked })))).toBe(toEnd);
  });

  it('may still arrive if it was sent again a moment ago', () => {
    const again = known(300, { closing: asked, sentAt: at(100) });
    expect(settled({ kind: 'not_found' }, again).kind).toBe('not_found');
  });
});

describe('an order that is closed', () => {
  const sent = { ...asked, sentAt: at(61) };
  type Row = Readonly<{
    what: string;
    closing: Closing | undefined;
    closable: boolean;
    words: string;
  }>;
  it.each<Row>([
    { what: 'nobody asked for it', closing: undefined, closable: true, words: 'closed expired' },
    {
      what: 'it ended before we closed it',
      closing: asked,
      closable: true,
      words: 'closed expired',
    },
    { what: 'we closed it', closing: sent, closable: true, words: 'closed other_attempt_won' },
    {
      what: 'it was given up where nothing closes',
      closing: asked,
      closable: false,
      words: 'closed other_attempt_won',
    },
  ])('where $what: $words', ({ closing, closable, words }) => {
    const report = { kind: 'closed', reason: 'expired' } as const;
    expect(inWords(settled(report, known(100, { closing, closable })))).toBe(words);
  });

  it('is anything else if the provider says so', () => {
    const open = { kind: 'awaiting_payer' } as const;
    expect(settled(open, known(2_000, { closing: sent }))).toBe(open);
  });
});
