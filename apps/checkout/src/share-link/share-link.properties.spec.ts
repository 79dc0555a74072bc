import { expect, it } from '@jest/globals';
import { attemptId, type AttemptId, type Method } from '@hutong/domain-events';
import fc from 'fast-check';
import { advance, type PaymentProgress } from '../payment/advance.js';
import { isOpen } from '../payment/attempt.js';
import { MAX_ATTEMPTS } from '../payment/choose.js';
import { close } from '../payment/close.js';
import { belongingsOf, type Payment } from '../payment/payment.js';
import {
  anOffer,
  aSuccess,
  newsOf,
  noOffer,
  NOW,
  terms,
  WECHAT_QR,
} from '../payment/payment.examples.js';
import {
  linkStanding,
  MAX_LINKS,
  MAX_PRESSES,
  openAttempt,
  OPENS_AS,
  press,
  share,
  type LinkStanding,
  type OpensAs,
  type ShareLink,
} from './share-link.js';

const LINK: Method = { ...WECHAT_QR, presentation: 'link' };
const OFFER = { ...anOffer(), methods: [{ method: LINK, label: 'A friend pays' }] };

/** What becomes of the newest attempt of a link: most often it ends, so that another may follow. */
const news = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom('failed', 'refused', 'closed') },
  { weight: 20, arbitrary: fc.constantFrom('accepted', 'shown for a while', 'unknown') },
  { weight: 1, arbitrary: fc.constant('paid') },
);

type Act =
  | Readonly<{ do: 'share' | 'close' | 'offer' | 'offer nothing' }>
  | Readonly<{ do: 'press'; link: number; as: OpensAs }>
  | Readonly<{ do: 'news'; link: number; news: string }>
  | Readonly<{ do: 'wait'; seconds: number }>;

const anyLink = fc.nat({ max: MAX_LINKS - 1 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant('press'),
      link: anyLink,
      as: fc.constantFrom(...OPENS_AS),
    }),
  },
  { weight: 40, arbitrary: fc.record({ do: fc.constant('news'), link: anyLink, news }) },
  { weight: 8, arbitrary: fc.constant<Act>({ do: 'share' }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.nat({ max: 90 }) }) },
  { weight: 4, arbitrary: fc.constantFrom<Act>({ do: 'offer' }, { do: 'offer nothing' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'close' }) },
);

const SHOWN_FOR_MS = 60_000;

/** A payment, its links, whoever holds one, and the news of what they do. */
class Sharing {
  payment: Payment = { ...terms, status: 'requested' };
  readonly links: ShareLink[] = [];
  /** How often a press made an attempt. */
  chosen = 0;
  private now = NOW;
  private offers = 0;
  private ids = 0;
  private standing: LinkStanding = 'payable';

  constructor() {
    this.act({ do: 'offer' });
    this.act({ do: 'share' });
  }

  act(one: Act): void {
    this.take(one);
    const standing = linkStanding(this.payment, this.now);
    if (this.standing !== 'payable') expect(standing).not.toBe('payable');
    this.standing = standing;
  }

  private take(one: Act): void {
    switch (one.do) {
      case 'share':
        return this.share();
      case 'press':
        return this.press(one.link, one.as);
      case 'news':
        return this.tell(this.links[one.link]?.lastAttempt, one.news);
      case 'wait':
        this.now = new Date(this.now.getTime() + one.seconds * 1_000);
        return;
      case 'offer':
        return this.hear({ ...OFFER, offer: (this.offers += 1) });
      case 'offer nothing':
        return this.hear(noOffer((this.offers += 1)));
      case 'close': {
        const closed = close(this.payment, 'cancelled');
        if (closed.ok) this.payment = closed.value;
      }
    }
  }

  private share(): void {
    const { payment, links, now } = this;
    const asked = { attemptId: this.nextId(), offer: this.offers, method: LINK, now };
    const made = share(payment, asked, links.length);
    if (!made.ok) return;
    expect(linkStanding(payment, now)).toBe('payable');
    links.push(made.value);
  }

  private press(n: number, presentation: OpensAs): void {
    const { payment, now } = this;
    const link = this.links[n];
    if (link === undefined) return;
    const before = openAttempt(payment, link, now);
    const pressed = press(payment, link, { attemptId: this.nextId(), presentation, now });
    if (!pressed.ok) return;
    expect(linkStanding(payment, now)).toBe('payable');
    if (pressed.value.kind === 'open') {
      expect(pressed.value.attempt).toEqual(before);
      expect(pressed.value.attempt.id).toBe(link.lastAttempt);
      return;
    }
    const { attempt, payment: next } = pressed.value;
    expect(before).toBeUndefined();
    expect(attempt).toMatchObject({
      paidByAnother: true,
      method: { ...LINK, presentation },
      offer: this.offers,
    });
    const [those, these] = [payment, next].map((one) => belongingsOf(one).attempts);
    expect(these).toEqual([...(those ?? []), attempt]);
    this.chosen += 1;
    this.payment = next;
    this.links[n] = { ...link, presses: link.presses + 1, lastAttempt: attempt.id };
  }

  private tell(id: AttemptId | undefined, what: string): void {
    if (id === undefined) return;
    const news = newsOf(id);
    const validUntil = new Date(this.now.getTime() + SHOWN_FOR_MS);
    const shown = news['attempt.awaiting_payer'];
    const told: Readonly<Record<string, PaymentProgress>> = {
      accepted: news['attempt.accepted'],
      'shown for a while': { ...shown, action: { ...shown.action, validUntil } },
      unknown: news['attempt.unknown'],
      failed: news['attempt.failed'],
      refused: news['attempt.refused'],
      closed: news['attempt.closed'],
      paid: aSuccess(id, `money-${id}`),
    };
    const one = told[what];
    if (one !== undefined) this.hear(one);
  }

  private hear(news: PaymentProgress): void {
    const step = advance(this.payment, news, this.now);
    if (step.kind === 'advanced') this.payment = step.payment;
  }

  private nextId(): AttemptId {
    this.ids += 1;
    return attemptId(`01HFZ00000000000000000${String(this.ids).padStart(4, '0')}`);
  }
}

it('whatever happens to a payment, its links let one at a time pay through each, and few in all', () => {
  let most = 0;
  fc.assert(
    fc.property(fc.array(act, { minLength: 100, maxLength: 300, size: 'max' }), (acts) => {
      const told = new Sharing();
      acts.forEach((one) => told.act(one));
      const { payment, links, chosen } = told;
      const { attempts } = belongingsOf(payment);
      expect(links.length).toBeLessThanOrEqual(MAX_LINKS);
      most = Math.max(most, ...links.map(({ presses }) => presses));
      expect(most).toBeLessThanOrEqual(MAX_PRESSES);
      expect(links.reduce((sum, { presses }) => sum + presses, 0)).toBe(chosen);
      expect(attempts).toHaveLength(chosen);
      expect(attempts.length).toBeLessThan(MAX_ATTEMPTS);
      expect(new Set(attempts.map(({ id }) => id)).size).toBe(attempts.length);
    }),
    { numRuns: 300 },
  );
  expect(most).toBeGreaterThan(1);
});

it('an attempt that can still be paid is shown again to whoever presses', () => {
  const sharing = new Sharing();
  const again = (): number => {
    sharing.act({ do: 'press', link: 0, as: 'qr' });
    return sharing.chosen;
  };
  expect(again()).toBe(1);
  sharing.act({ do: 'news', link: 0, news: 'shown for a while' });
  expect(again()).toBe(1);
  sharing.act({ do: 'wait', seconds: SHOWN_FOR_MS / 1_000 });
  expect(belongingsOf(sharing.payment).attempts.some(isOpen)).toBe(true);
  expect(again()).toBe(2);
});
