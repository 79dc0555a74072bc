import { describe, expect, it } from '@jest/globals';
import type { Method } from '@hutong/domain-events';
import { notAfter, objectionsTo } from './choice.js';
import type { Decision, Verdict } from './offer.js';

const now = new Date('2024-11-11T04:00:00.000Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const qr: Method = { provider: 'wechat', instrument: 'wechat_pay', presentation: 'qr' };
const app: Method = { ...qr, presentation: 'app' };
const verdict = (method: Method, ...against: string[]): Verdict => ({
  method,
  label: 'M',
  against,
});
const newest: Decision = {
  offer: 2,
  decidedAt: at(-1_000),
  policyVersion: '2024-09',
  validUntil: at(1),
  verdicts: [verdict(qr), verdict(app, 'not for the channel web')],
};
const nothing = { validUntil: undefined, verdicts: [verdict(qr, 'above the limit')] };

describe('a choice', () => {
  it.each<{ offer: number; method: Method; over: Partial<Decision>; reasons: string[] }>`
    offer | method | over                      | reasons
    ${2}  | ${qr}  | ${{}}                     | ${[]}
    ${1}  | ${qr}  | ${{}}                     | ${['offer 1 was replaced by offer 2']}
    ${3}  | ${qr}  | ${{}}                     | ${['offer 3 was never made']}
    ${2}  | ${app} | ${{}}                     | ${['wechat/wechat_pay/app is not in the offer']}
    ${2}  | ${qr}  | ${{ validUntil: now }}    | ${['the offer has expired']}
    ${2}  | ${qr}  | ${nothing}                | ${['wechat/wechat_pay/qr is not in the offer']}
    ${1}  | ${app} | ${{ validUntil: at(-1) }} | ${['offer 1 was replaced by offer 2', 'wechat/wechat_pay/app is not in the offer', 'the offer has expired']}
  `('of offer $offer with $over has against it: $reasons', ({ offer, method, over, reasons }) => {
    expect(objectionsTo({ offer, method }, { ...newest, ...over }, now)).toEqual(reasons);
  });
});

describe('a command is carried out', () => {
  it.each<{ expiresInMs: number; untilMs: number }>`
    expiresInMs | untilMs
    ${900_000}  | ${60_000}
    ${60_000}   | ${60_000}
    ${59_999}   | ${59_999}
    ${4_000}    | ${4_000}
  `('within $untilMs ms where the payment has $expiresInMs ms left', ({ expiresInMs, untilMs }) => {
    expect(notAfter(at(expiresInMs), now)).toEqual(at(untilMs));
  });
});
