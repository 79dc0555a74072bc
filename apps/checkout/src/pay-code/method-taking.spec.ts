import { describe, expect, it } from '@jest/globals';
import { parseMethod, type Method } from '@hutong/domain-events';
import {
  anOffer,
  attemptsBy,
  noOffer,
  NOW,
  paymentsBy,
  SECOND,
  terms,
} from '../payment/payment.examples.js';
import type { Payment } from '../payment/payment.js';
import { methodTaking, type CodeRead } from './method-taking.js';

const payments = paymentsBy(attemptsBy(SECOND).failed);

const method = (text: string): Method => {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const offering = (...texts: string[]): Payment => ({
  ...payments.offered,
  decision: {
    ...anOffer(2),
    methods: texts.map((text) => ({ method: method(text), label: 'In store' })),
  },
});
const taken = (p: Payment, over: Partial<CodeRead> = {}): unknown => {
  const found = methodTaking(p, { offer: 2, now: NOW, issuer: 'unionpay', ...over });
  return found.ok ? found.value : found.refusal;
};

describe('the method that takes a code', () => {
  it('is the first of the offer that reads such codes, whoever gets the money', () => {
    const across = ['alipay/alipay/barcode', 'alipay/cloud_quickpass/barcode'];
    const both = [...across, 'unionpay/cloud_quickpass/barcode'];
    expect(taken(offering(...both))).toEqual(method('alipay/cloud_quickpass/barcode'));
    expect(taken(offering(...both.toReversed()))).toEqual(
      method('unionpay/cloud_quickpass/barcode'),
    );
  });

  it('may be one of a bank’s app: that shows codes of UnionPay', () => {
    expect(taken(offering('unionpay/bank_app:0105/barcode'))).toEqual(
      method('unionpay/bank_app:0105/barcode'),
    );
  });

  it('is none where the app is offered in other ways only', () => {
    const others = offering('unionpay/cloud_quickpass/qr', 'alipay/alipay/barcode');
    expect(taken(others)).toEqual({ code: 'pay_code_not_offered', issuer: 'unionpay' });
  });

  it.each<[string, Payment, Partial<CodeRead>, unknown]>([
    ['an older offer', payments.offered, { offer: 1 }, { code: 'offer_superseded', current: 2 }],
    ['an offer nobody made', payments.offered, { offer: 3 }, { code: 'offer_unknown' }],
    ['nothing', { ...payments.offered, decision: noOffer(2) }, {}, { code: 'not_offered' }],
    ['a paid payment', payments.paid, {}, { code: 'already_paid' }],
    ['an ended one', payments.offered, { now: terms.expiresAt }, { code: 'payment_expired' }],
  ])('of %s is none', (_, p, over, refusal) => {
    expect(taken(p, over)).toEqual(refusal);
  });
});
