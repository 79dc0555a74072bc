import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { advance, type PaymentProgress, type Step } from './advance.js';
import type { Attempt } from './attempt.js';
import type { Payment } from './payment.js';
import {
  anOffer,
  aSuccess,
  attemptsBy,
  MOVED,
  FIRST,
  newsOf,
  noOffer,
  NOW,
  paymentsBy,
  SECOND,
  STRANGER,
} from './payment.examples.js';

const second = attemptsBy(SECOND);

/** What became of the payment: its status, the reason of new surplus, or why nothing changed. */
function answer(step: Step): string {
  if (step.kind !== 'advanced') return step.kind;
  const { payment } = step;
  return payment.surplus.at(-1)?.reason ?? payment.status;
}

/** What became of the second attempt, or why nothing changed. */
function attemptAfter(step: Step): string {
  if (step.kind !== 'advanced') return step.kind;
  return step.payment.attempts.find(({ id }) => id === SECOND)?.status ?? 'gone';
}

describe('a payment hears decisions and money', () => {
  const events: Record<string, PaymentProgress> = {
    offer3: anOffer(3),
    offer2: anOffer(2),
    offer1: anOffer(1),
    none3: noOffer(3),
    none1: noOffer(1),
    money: aSuccess(SECOND, 'second-money'),
    wrong: aSuccess(SECOND, 'second-money', money(12_799n, 'CNY')),
    dollars: aSuccess(SECOND, 'second-money', money(12_800n, 'USD')),
    again: aSuccess(SECOND, 'first-money'),
    stranger: aSuccess(STRANGER, 'second-money'),
  };
  type Row = Record<keyof typeof events, string> & Readonly<{ status: Payment['status'] }>;

  // A new status adds a row, a new event a column: here first, then in the code. The open attempt
  // is the second one; `again` is the money that a paid payment was paid with.
  it.each<Row>`
    status               | offer3         | offer2         | offer1         | none3            | none1            | money               | wrong             | dollars           | again            | stranger
    ${'requested'}       | ${'offered'}   | ${'offered'}   | ${'offered'}   | ${'not_offered'} | ${'not_offered'} | ${'refused'}        | ${'refused'}      | ${'refused'}      | ${'refused'}     | ${'refused'}
    ${'offered'}         | ${'paying'}    | ${'duplicate'} | ${'duplicate'} | ${'paying'}      | ${'duplicate'}   | ${'paid'}           | ${'wrong_amount'} | ${'wrong_amount'} | ${'paid'}        | ${'refused'}
    ${'paying'}          | ${'paying'}    | ${'duplicate'} | ${'duplicate'} | ${'paying'}      | ${'duplicate'}   | ${'paid'}           | ${'wrong_amount'} | ${'wrong_amount'} | ${'paid'}        | ${'refused'}
    ${'not_offered'}     | ${'duplicate'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}   | ${'duplicate'}   | ${'after_close'}    | ${'wrong_amount'} | ${'wrong_amount'} | ${'after_close'} | ${'refused'}
    ${'closing'}         | ${'duplicate'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}   | ${'duplicate'}   | ${'paid'}           | ${'wrong_amount'} | ${'wrong_amount'} | ${'paid'}        | ${'refused'}
    ${'closed'}          | ${'duplicate'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}   | ${'duplicate'}   | ${'after_close'}    | ${'wrong_amount'} | ${'wrong_amount'} | ${'after_close'} | ${'refused'}
    ${'paid'}            | ${'duplicate'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}   | ${'duplicate'}   | ${'second_success'} | ${'wrong_amount'} | ${'wrong_amount'} | ${'duplicate'}   | ${'refused'}
    ${'partly_refunded'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}   | ${'duplicate'}   | ${'second_success'} | ${'wrong_amount'} | ${'wrong_amount'} | ${'duplicate'}   | ${'refused'}
    ${'refunded'}        | ${'duplicate'} | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}   | ${'duplicate'}   | ${'second_success'} | ${'wrong_amount'} | ${'wrong_amount'} | ${'duplicate'}   | ${'refused'}
  `('that is $status', ({ status, ...expected }) => {
    const payment = paymentsBy(second.awaiting_payer)[status];
    const answers = Object.entries(events).map(([name, e]) => [
      name,
      answer(advance(payment, e, NOW)),
    ]);
    expect(Object.fromEntries(answers)).toEqual(expected);
  });
});

describe('an attempt hears decisions and reports', () => {
  type Row = Record<'accepted' | 'refused' | 'awaiting' | 'unknown' | 'failed' | 'closed', string> &
    Readonly<{ status: Attempt['status'] }>;
  const news = newsOf(SECOND);

  it.each<Row>`
    status              | accepted       | refused        | awaiting            | unknown        | failed         | closed
    ${'selected'}       | ${'accepted'}  | ${'refused'}   | ${'awaiting_payer'} | ${'unknown'}   | ${'failed'}    | ${'closed'}
    ${'accepted'}       | ${'duplicate'} | ${'REFUSED'}   | ${'awaiting_payer'} | ${'unknown'}   | ${'failed'}    | ${'closed'}
    ${'awaiting_payer'} | ${'duplicate'} | ${'REFUSED'}   | ${'awaiting_payer'} | ${'unknown'}   | ${'failed'}    | ${'closed'}
    ${'unknown'}        | ${'duplicate'} | ${'REFUSED'}   | ${'awaiting_payer'} | ${'duplicate'} | ${'failed'}    | ${'closed'}
    ${'closing'}        | ${'duplicate'} | ${'refused'}   | ${'duplicate'}      | ${'duplicate'} | ${'failed'}    | ${'closed'}
    ${'succeeded'}      | ${'duplicate'} | ${'REFUSED'}   | ${'duplicate'}      | ${'duplicate'} | ${'REFUSED'}   | ${'REFUSED'}
    ${'failed'}         | ${'duplicate'} | ${'REFUSED'}   | ${'duplicate'}      | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}
    ${'closed'}         | ${'duplicate'} | ${'REFUSED'}   | ${'duplicate'}      | ${'duplicate'} | ${'duplicate'} | ${'duplicate'}
    ${'refused'}        | ${'REFUSED'}   | ${'duplicate'} | ${'REFUSED'}        | ${'REFUSED'}   | ${'REFUSED'}   | ${'REFUSED'}
  `('that is $status, whatever the payment is', ({ status, ...expected }) => {
    for (const paymentStatus of MOVED) {
      const payment = paymentsBy(second[status])[paymentStatus];
      const heard = (e: PaymentProgress) => {
        const step = advance(payment, e, NOW);
        return step.kind === 'refused' ? 'REFUSED' : attemptAfter(step);
      };
      expect({
        accepted: heard(news['attempt.accepted']),
        refused: heard(news['attempt.refused']),
        awaiting: heard(news['attempt.awaiting_payer']),
        unknown: heard(news['attempt.unknown']),
        failed: heard(news['attempt.failed']),
        closed: heard(news['attempt.closed']),
      }).toEqual(expected);
    }
  });

  it.each(Object.keys(second))('that is %s takes money all the same', (status) => {
    const attempt = Object.values(second).find((a) => a.status === status) ?? second.selected;
    const step = advance(paymentsBy(attempt).offered, news['attempt.succeeded'], NOW);
    expect([answer(step), attemptAfter(step)]).toEqual(['paid', 'succeeded']);
  });

  it('of which nobody knows is refused, whatever is told of it', () => {
    for (const e of Object.values(newsOf(STRANGER))) {
      expect(advance(paymentsBy(second.accepted).paying, e, NOW)).toMatchObject({
        kind: 'refused',
      });
    }
  });

  it('is told the same code twice: a duplicate', () => {
    const shown = advance(paymentsBy(second.accepted).paying, news['attempt.awaiting_payer'], NOW);
    expect(shown.kind).toBe('advanced');
    if (shown.kind !== 'advanced') return;
    expect(advance(shown.payment, news['attempt.awaiting_payer'], NOW).kind).toBe('duplicate');
  });

  it('keeps the code to scan while nobody knows what became of it', () => {
    const step = advance(paymentsBy(second.awaiting_payer).paying, news['attempt.unknown'], NOW);
    expect(step).toMatchObject({
      payment: { attempts: [{}, { status: 'unknown', action: { type: 'qr' } }] },
    });
  });
});

describe('an unpaid payment follows its attempts', () => {
  const alone = (attempt: Attempt, decision = anOffer(1)): Payment => ({
    ...paymentsBy(attempt).paying,
    status: 'paying',
    attempts: [attempt],
    decision,
    surplus: [],
  });
  const news = newsOf(SECOND);

  it('is offered again when its last open attempt ends', () => {
    expect(answer(advance(alone(second.accepted), news['attempt.failed'], NOW))).toBe('offered');
    expect(answer(advance(alone(second.selected), news['attempt.refused'], NOW))).toBe('offered');
  });

  it('stays payable without an offer while an attempt may have reached a provider', () => {
    const without = advance(alone(second.accepted), noOffer(2), NOW);
    expect(answer(without)).toBe('paying');
    if (without.kind !== 'advanced') return;
    expect(answer(advance(without.payment, news['attempt.failed'], NOW))).toBe('offered');
  });

  it.each([
    ['refused first', [news['attempt.refused'], noOffer(2)]],
    ['no offer first', [noOffer(2), news['attempt.refused']]],
  ])('is not offered once its only choice was refused and no offer is left: %s', (_, events) => {
    const end = events.reduce<Payment>((p, e) => {
      const step = advance(p, e, NOW);
      return step.kind === 'advanced' ? step.payment : p;
    }, alone(second.selected));
    expect(end.status).toBe('not_offered');
  });

  it('does not count the first attempt against the second', () => {
    const step = advance(paymentsBy(second.accepted).paying, newsOf(FIRST)['attempt.failed'], NOW);
    expect(answer(step)).toBe('paying');
  });
});

describe('a payment that is closing', () => {
  const { accepted, closing, failed } = attemptsBy(SECOND);
  const closingWith = (...attempts: Attempt[]): Payment => ({
    ...paymentsBy(closing).closing,
    attempts,
  });
  const news = newsOf(SECOND);

  it.each(['attempt.failed', 'attempt.closed', 'attempt.refused'] as const)(
    'is closed once its last open attempt ends: %s',
    (type) => {
      expect(answer(advance(closingWith(closing), news[type], NOW))).toBe('closed');
    },
  );

  it('stays closing while another attempt may take money', () => {
    const first = attemptsBy(FIRST).closing;
    expect(answer(advance(closingWith(first, closing), news['attempt.closed'], NOW))).toBe(
      'closing',
    );
  });

  it('is closed by another amount on its last attempt, and that is surplus', () => {
    const wrong = aSuccess(SECOND, 'second-money', money(1n, 'CNY'));
    expect(advance(closingWith(closing), wrong, NOW)).toMatchObject({
      payment: { status: 'closed', surplus: [{ reason: 'wrong_amount', status: 'taken' }] },
    });
  });

  it('closes the others for the attempt that wins, and leaves what has ended', () => {
    const third = attemptsBy(STRANGER).unknown;
    const paying: Payment = {
      ...paymentsBy(accepted).paying,
      attempts: [accepted, attemptsBy(FIRST).failed, third],
    };
    expect(advance(paying, aSuccess(SECOND, 'second-money'), NOW)).toMatchObject({
      payment: {
        status: 'paid',
        attempts: [
          { status: 'succeeded' },
          { status: 'failed' },
          { status: 'closing', reason: 'other_attempt_won' },
        ],
      },
    });
    expect(answer(advance(closingWith(failed), aSuccess(SECOND, 'm'), NOW))).toBe('paid');
  });
});
