import { describe, expect, it } from '@jest/globals';
import {
  ANSWERS,
  methodText,
  platformId,
  PROVIDERS,
  type Answer,
  type Channel,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import { AMOUNT, aPayerKey, aPaymentRequested } from '@hutong/testing';
import { decide, isFree, type Asked } from '../offer/offer.js';
import { EVERYTHING_USABLE } from '../offer/usability.js';
import { isInShare } from './cohort.signature.js';
import { loadPolicies } from './load-policies.adapter.js';
import { versionFor } from './policies.js';

const policies = await loadPolicies(new URL('../../policies', import.meta.url).pathname);
const PILOT = new Date('2023-11-11T04:00:00.000Z');
const FULL = new Date('2024-09-12T04:00:00.000Z');
const TODAY = new Date('2026-11-24T08:00:00.000Z');

/** Payers of the pilot's share, and others. */
const share = { salt: 'taobao-wechat-pilot', shareBps: 5_000 };
const keys = Array.from({ length: 64 }, () => aPayerKey());
const keyOf = (inside: boolean) =>
  keys.find((key) => isInShare(share, key) === inside) ?? aPayerKey();

const answer = (at: Date, over: Partial<Omit<Asked, 'platform'>> = {}) => {
  const asked = {
    ...aPaymentRequested({ amount: AMOUNT }),
    payerKey: keyOf(true),
    ...over,
    expiresAt: new Date(at.getTime() + 900_000),
  };
  const version = versionFor(policies, platformId('taobao'), at);
  return decide(version, asked, { offer: 1, now: at, usability: EVERYTHING_USABLE });
};
const offeredAt = (...asked: Parameters<typeof answer>) =>
  answer(...asked)
    .verdicts.filter(isFree)
    .map(({ method }) => methodText(method));
const reasonsAt = (...asked: Parameters<typeof answer>) =>
  answer(...asked).verdicts.map(({ against }) => against);

const QR = 'wechat/wechat_pay/qr';
const LINK = 'wechat/wechat_pay/link';
const without = { hasBoundCard: 'no', hasBalance: 'unknown' } as const;

describe('before the pilot', () => {
  it('WeChat Pay is not on Taobao', () => {
    const last = new Date('2023-10-31T15:59:59.999Z');
    expect(answer(last, { payer: without })).toMatchObject({ policyVersion: 'none', verdicts: [] });
  });
});

describe('in the pilot of November 2023', () => {
  it('a payer without a bound card is offered WeChat Pay by QR code and by link only', () => {
    expect(offeredAt(PILOT, { payer: without })).toEqual([QR, LINK]);
    expect(answer(PILOT).policyVersion).toBe('2023-11-pilot');
  });

  it.each<{ minor: bigint; reasons: string[] }>`
    minor      | reasons
    ${30_000n} | ${[]}
    ${30_001n} | ${['above the limit']}
  `('$minor fen are refused for $reasons', ({ minor, reasons }) => {
    const amount = money(minor, 'CNY');
    expect(reasonsAt(PILOT, { payer: without, amount })).toEqual([reasons, reasons]);
  });

  const combinations = ANSWERS.flatMap((hasBoundCard) =>
    ANSWERS.map((hasBalance): [Answer, Answer] => [hasBoundCard, hasBalance]),
  );
  it.each(combinations)('bound card %s, balance %s: only a known no opens it', (card, balance) => {
    const payer = { hasBoundCard: card, hasBalance: balance };
    const open = card === 'no' || balance === 'no';
    const reasons = open ? [] : ['not open to this payer'];
    expect(reasonsAt(PILOT, { payer })).toEqual([reasons, reasons]);
  });

  it('a payer outside the share is told so', () => {
    const reasons = ['not open to this payer yet: outside the share of payers'];
    const outside = { payer: without, payerKey: keyOf(false) };
    expect(reasonsAt(PILOT, outside)).toEqual([reasons, reasons]);
  });

  it('the last moment is the pilot, the next one everybody’s', () => {
    const versions = ['2024-08-31T15:59:59.999Z', '2024-08-31T16:00:00.000Z'].map(
      (at) => answer(new Date(at)).policyVersion,
    );
    expect(versions).toEqual(['2023-11-pilot', '2024-09-full']);
  });
});

describe('from September 2024 on', () => {
  const everybody = { payerKey: keyOf(false), amount: money(299_900n, 'CNY') };
  it.each<{ channel: Channel; methods: string[] }>`
    channel           | methods
    ${'app'}          | ${['wechat/wechat_pay/app', QR, LINK]}
    ${'web'}          | ${[QR, 'wechat/wechat_pay/redirect', LINK]}
    ${'mini_program'} | ${['wechat/wechat_pay/mini_program', LINK]}
    ${'in_store'}     | ${[]}
  `('everybody is offered $methods from $channel, for any amount', ({ channel, methods }) => {
    for (const at of [FULL, TODAY]) {
      expect(offeredAt(at, { ...everybody, channel })).toEqual(methods);
    }
  });
});

it('no method is of a provider without a gateway', () => {
  const named = [...policies.values()].flatMap(({ versions }) =>
    versions.flatMap(({ methods }) => methods.map(({ method }) => method.provider)),
  );
  expect(PROVIDERS.filter((provider) => named.includes(provider))).toEqual(['wechat']);
});
