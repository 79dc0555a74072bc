import { describe, expect, it } from '@jest/globals';
import { attemptId, type Action, type Method } from '@hutong/domain-events';
import type { Attempt } from '../payment/attempt.js';
import { MAX_ATTEMPTS } from '../payment/choose.js';
import type { Payment } from '../payment/payment.js';
import {
  anOffer,
  attemptsBy,
  noOffer,
  NOW,
  PAYMENT,
  paymentsBy,
  SECOND,
  terms,
  WECHAT_QR,
} from '../payment/payment.examples.js';
import {
  isPressAnswered,
  isWorthAnother,
  lastAttempt,
  linkStanding,
  MAX_LINKS,
  MAX_PRESSES,
  press,
  share,
  type Press,
  type ShareLink,
} from './share-link.js';

const LINK: Method = { ...WECHAT_QR, presentation: 'link' };
const NEW = attemptId('01HFZ00000000000000000000N');
const linked = { ...anOffer(2), methods: [{ method: LINK, label: 'A friend pays' }] };

/** Whose second attempt was sent through the link. */
const withLink = (p: Payment): Payment =>
  p.status === 'requested' || p.decision?.type !== 'payment.offered'
    ? p
    : { ...p, decision: linked };
const attempts = attemptsBy(SECOND);
const { id, offer, method, paidByAnother, selectedAt } = attempts.selected;
const choice = { id, offer, method, paidByAnother, selectedAt };
const AT_ONCE_AFTER = new Date(NOW.getTime() + 1);
const actionUntil = (validUntil: Date): Action => ({
  type: 'qr',
  content: 'weixin://',
  validUntil,
});
const shownUntil = (at: Date): Attempt => ({
  ...choice,
  status: 'awaiting_payer',
  action: actionUntil(at),
});
const unknownUntil = (at: Date): Attempt => ({
  ...choice,
  status: 'unknown',
  cause: 'timeout',
  action: actionUntil(at),
});
const all = (second: Attempt = attempts.failed) => {
  const payments = paymentsBy(second);
  return (status: Payment['status']) => withLink(payments[status]);
};
const payment = all();

const link: ShareLink = {
  id: attemptId('01HFZ00000000000000000000K'),
  paymentId: PAYMENT,
  offer: 2,
  method: LINK,
  madeAt: NOW,
  presses: 1,
  lastAttempt: SECOND,
};
const wish: Press = { attemptId: NEW, presentation: 'qr', now: NOW };

type Answers = Readonly<{
  status: Payment['status'];
  shared: string;
  pressed: string;
  standing: string;
}>;

it.each<Answers>`
  status               | shared              | pressed             | standing
  ${'requested'}       | ${'offer_pending'}  | ${'offer_pending'}  | ${'payable'}
  ${'offered'}         | ${'ok'}             | ${'chosen'}         | ${'payable'}
  ${'paying'}          | ${'ok'}             | ${'chosen'}         | ${'payable'}
  ${'not_offered'}     | ${'not_offered'}    | ${'not_offered'}    | ${'payable'}
  ${'closing'}         | ${'payment_closed'} | ${'payment_closed'} | ${'closed'}
  ${'closed'}          | ${'payment_closed'} | ${'payment_closed'} | ${'expired'}
  ${'paid'}            | ${'already_paid'}   | ${'already_paid'}   | ${'paid'}
  ${'partly_refunded'} | ${'already_paid'}   | ${'already_paid'}   | ${'paid'}
  ${'refunded'}        | ${'already_paid'}   | ${'already_paid'}   | ${'paid'}
`('a link to a payment that is $status', ({ status, shared, pressed, standing }) => {
  const asked = { attemptId: NEW, offer: 2, method: LINK, now: NOW };
  const made = share(payment(status), asked, 0);
  expect(made.ok ? 'ok' : made.refusal.code).toBe(shared);
  const answer = press(payment(status), link, wish);
  expect(answer.ok ? answer.value.kind : answer.refusal.code).toBe(pressed);
  expect(linkStanding(payment(status), NOW)).toBe(standing);
});

describe('a link', () => {
  const asked = { attemptId: NEW, offer: 2, method: LINK, now: NOW };

  it('is made of an offer that holds it, and leaves the payment alone', () => {
    expect(share(payment('offered'), asked, MAX_LINKS - 1)).toEqual({
      ok: true,
      value: { ...link, id: NEW, presses: 0, lastAttempt: undefined },
    });
  });

  it.each<[string, Parameters<typeof share>, string]>([
    ['one too many', [payment('offered'), asked, MAX_LINKS], 'too_many_links'],
    ['not offered', [paymentsBy(attempts.failed).offered, asked, 0], 'method_not_offered'],
    ['of an older offer', [payment('offered'), { ...asked, offer: 1 }, 0], 'offer_superseded'],
  ])('is refused when it is %s', (_, [p, wanted, existing], code) => {
    expect(share(p, wanted, existing)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('has expired at the moment of its payment, and not before', () => {
    const before = new Date(terms.expiresAt.getTime() - 1);
    expect(linkStanding(payment('offered'), before)).toBe('payable');
    expect(linkStanding(payment('offered'), terms.expiresAt)).toBe('expired');
    const late = press(payment('offered'), link, { ...wish, now: terms.expiresAt });
    expect(late).toEqual({ ok: false, refusal: { code: 'payment_expired' } });
  });
});

it('all presses of all links of a payment leave attempts to its payer', () => {
  expect(MAX_LINKS * MAX_PRESSES).toBeLessThan(MAX_ATTEMPTS);
});

describe('a press', () => {
  it.each<{ status: Attempt['status']; kind: string }>`
    status              | kind
    ${'selected'}       | ${'open'}
    ${'accepted'}       | ${'open'}
    ${'awaiting_payer'} | ${'open'}
    ${'unknown'}        | ${'open'}
    ${'closing'}        | ${'open'}
    ${'failed'}         | ${'chosen'}
    ${'closed'}         | ${'chosen'}
    ${'refused'}        | ${'chosen'}
    ${'succeeded'}      | ${'chosen'}
  `('after one that is $status: $kind', ({ status, kind }) => {
    const pressed = press(all(attempts[status])('paying'), link, wish);
    expect(pressed).toMatchObject({ ok: true, value: { kind } });
  });

  it.each<[string, Attempt, string]>([
    ['can still be used', shownUntil(AT_ONCE_AFTER), 'open'],
    ['has run out', shownUntil(NOW), 'chosen'],
    ['can still be used, of one unknown', unknownUntil(AT_ONCE_AFTER), 'open'],
    ['has run out, of one unknown', unknownUntil(NOW), 'chosen'],
    ['never came, of one unknown', attempts.unknown, 'open'],
  ])('after one whose action %s', (_, before, kind) => {
    const pressed = press(all(before)('paying'), link, wish);
    expect(pressed).toMatchObject({ ok: true, value: { kind } });
  });

  it('is an attempt of its own beside those of the payer, and of other links', () => {
    const open = all(attempts.awaiting_payer)('paying');
    expect(press(open, { ...link, lastAttempt: undefined, presses: 0 }, wish)).toMatchObject({
      ok: true,
      value: { kind: 'chosen' },
    });
  });

  it('is a choice of the newest offer by somebody else, in the way that they want', () => {
    const pressed = press(payment('offered'), link, { ...wish, presentation: 'redirect' });
    expect(pressed).toMatchObject({
      ok: true,
      value: {
        payment: { status: 'paying' },
        attempt: {
          id: NEW,
          offer: 2,
          method: { ...LINK, presentation: 'redirect' },
          paidByAnother: true,
          status: 'selected',
        },
      },
    });
  });

  it('is taken of an offer that has run out: routing makes another', () => {
    const stale = {
      ...paymentsBy(attempts.failed).offered,
      decision: { ...linked, validUntil: NOW },
    };
    expect(press(stale, link, wish).ok).toBe(true);
  });

  it.each<[string, Payment, ShareLink, string]>([
    [
      'nothing is offered any more',
      { ...paymentsBy(attempts.failed).offered, decision: noOffer(3) },
      link,
      'not_offered',
    ],
    [
      'the link is offered no more',
      paymentsBy(attempts.failed).offered,
      link,
      'method_not_offered',
    ],
    [
      'it is one too many',
      payment('offered'),
      { ...link, presses: MAX_PRESSES },
      'too_many_attempts',
    ],
  ])('is refused when %s', (_, p, pressed, code) => {
    expect(press(p, pressed, wish)).toEqual({ ok: false, refusal: { code } });
  });

  it('shows its newest attempt only', () => {
    expect(lastAttempt(payment('paying'), link)?.id).toBe(SECOND);
    expect(lastAttempt(payment('paying'), { ...link, lastAttempt: undefined })).toBeUndefined();
  });
});

describe('whether a refused press is worth another', () => {
  const refused: Attempt = { ...attempts.refused, offer: 2, selectedAt: NOW };
  const offering = (offer: number, validUntil = terms.expiresAt): Payment => ({
    ...paymentsBy(refused).offered,
    decision: { ...linked, offer, validUntil },
  });

  it('is waited for until there is a new offer', () => {
    expect(isPressAnswered(offering(2), refused)).toBe(false);
    expect(isPressAnswered(offering(3), refused)).toBe(true);
    expect(isPressAnswered(offering(2), { ...attempts.accepted, offer: 2 })).toBe(false);
    expect(isPressAnswered(offering(2), { ...attempts.awaiting_payer, offer: 2 })).toBe(true);
  });

  it.each<[string, Payment, Payment, boolean]>([
    ['its offer had run out', offering(2, NOW), offering(3), true],
    ['its offer had been replaced', offering(2), offering(4), true],
    ['it was refused for itself', offering(2), offering(3), false],
    ['there is no new offer', offering(2, NOW), offering(2), false],
    [
      'the link is not in it',
      offering(2, NOW),
      { ...paymentsBy(refused).offered, decision: anOffer(3) },
      false,
    ],
    ['the payment was closed', offering(2, NOW), payment('closed'), false],
  ])('where %s', (_, before, after, worth) => {
    expect(isWorthAnother({ before, after }, link, refused)).toBe(worth);
    expect(isWorthAnother({ before, after }, link, attempts.failed)).toBe(false);
  });
});
