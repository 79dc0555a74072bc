import { describe, expect, it } from '@jest/globals';
import type { Method, Presentation } from '@hutong/domain-events';
import type { PolicyVersion } from '../policy/policy.js';
import { notAfter, objectionsTo } from './choice.js';
import type { Decision, Verdict } from './offer.js';
import { EVERYTHING_USABLE, type Usability } from './usability.js';

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

const moment = { now, usability: EVERYTHING_USABLE };
const off = (...targets: string[]): Usability => ({
  ...EVERYTHING_USABLE,
  switchedOff: new Set(targets),
});
const failing = (since: Date, probeAt: Date): Usability => ({
  ...EVERYTHING_USABLE,
  circuits: new Map([['wechat', { state: 'open', since, probeAt }]]),
});

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
    const choice = { offer, method, paidByAnother: false };
    const standing = { newest: { ...newest, ...over }, version: undefined, closedBefore: false };
    expect(objectionsTo(choice, standing, moment)).toEqual(reasons);
  });

  it.each<{ what: string; usability: Usability; reasons: string[] }>`
    what                       | usability                       | reasons
    ${'its provider is off'}   | ${off('wechat')}                | ${['wechat is switched off']}
    ${'it is off itself'}      | ${off('wechat/wechat_pay/qr')}  | ${['wechat/wechat_pay/qr is switched off']}
    ${'another method is off'} | ${off('wechat/wechat_pay/app')} | ${[]}
    ${'its provider rests'}    | ${failing(at(-1_000), at(1))}   | ${['wechat does not answer at present']}
    ${'its provider is tried'} | ${failing(at(-60_000), at(1))}  | ${['wechat is just being tried again']}
    ${'it may try'}            | ${failing(at(-60_000), now)}    | ${[]}
  `('of an offer that still holds, while $what: $reasons', ({ usability, reasons }) => {
    const choice = { offer: 2, method: qr, paidByAnother: false };
    const standing = { newest, version: undefined, closedBefore: false };
    expect(objectionsTo(choice, standing, { now, usability })).toEqual(reasons);
  });

  it('of an attempt that was closed before is refused for that', () => {
    const choice = { offer: 2, method: qr, paidByAnother: false };
    const standing = { newest, version: undefined, closedBefore: true };
    expect(objectionsTo(choice, standing, moment)).toEqual([
      'the attempt was closed before it was passed on',
    ]);
  });
});

describe('somebody else pays through a link that was shared', () => {
  const link: Method = { ...qr, presentation: 'link' };
  const version: PolicyVersion = {
    version: '2024-09',
    effectiveFrom: at(-1_000_000),
    offerValidForMs: 600_000,
    methods: [{ method: link, label: 'M', conditions: {}, opensAs: ['qr', 'mini_program'] }],
  };
  type Row = {
    offered: Method[];
    presentation: Presentation;
    another: boolean;
    usability: Usability;
    reasons: string[];
  };
  const byRedirect = 'a shared link cannot be paid by redirect';
  const notOffered = 'wechat/wechat_pay/link is not in the offer';
  const forAnother = 'a link is for somebody else to pay with';
  const unshared = 'wechat/wechat_pay/mini_program is not in the offer';

  it.each<Row>`
    offered       | presentation      | another  | usability                        | reasons
    ${[qr, link]} | ${'qr'}           | ${true}  | ${EVERYTHING_USABLE}             | ${[]}
    ${[link]}     | ${'qr'}           | ${true}  | ${EVERYTHING_USABLE}             | ${[]}
    ${[link]}     | ${'mini_program'} | ${true}  | ${EVERYTHING_USABLE}             | ${[]}
    ${[link]}     | ${'mini_program'} | ${false} | ${EVERYTHING_USABLE}             | ${[unshared]}
    ${[link]}     | ${'redirect'}     | ${true}  | ${EVERYTHING_USABLE}             | ${[byRedirect]}
    ${[qr]}       | ${'qr'}           | ${true}  | ${EVERYTHING_USABLE}             | ${[notOffered]}
    ${[link]}     | ${'link'}         | ${false} | ${EVERYTHING_USABLE}             | ${[forAnother]}
    ${[link]}     | ${'link'}         | ${true}  | ${EVERYTHING_USABLE}             | ${['a shared link cannot be paid by link']}
    ${[link]}     | ${'qr'}           | ${true}  | ${off('wechat/wechat_pay/link')} | ${['wechat/wechat_pay/link is switched off']}
    ${[link]}     | ${'qr'}           | ${true}  | ${off('wechat/wechat_pay/qr')}   | ${['wechat/wechat_pay/qr is switched off']}
    ${[link]}     | ${'qr'}           | ${true}  | ${off('wechat')}                 | ${['wechat is switched off']}
  `(
    'by $presentation, another: $another, of an offer of $offered.length: $reasons',
    ({ offered, presentation, another, usability, reasons }) => {
      const choice = { offer: 2, method: { ...qr, presentation }, paidByAnother: another };
      const verdicts = offered.map((method) => verdict(method));
      const standing = { newest: { ...newest, verdicts }, version, closedBefore: false };
      expect(objectionsTo(choice, standing, { now, usability })).toEqual(reasons);
    },
  );
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
