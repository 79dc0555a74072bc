import { describe, expect, it } from '@jest/globals';
import {
  ANSWERS,
  methodText,
  platformId,
  PRESENTATIONS,
  PROVIDERS,
  type Answer,
  type Channel,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import { AMOUNT, aPayerKey, aPaymentRequested } from '@hutong/testing';
import { decide, isFree, type Asked } from '../offer/offer.js';
import { EVERYTHING_USABLE } from '../offer/usability.js';
import { impossible } from './acceptance.js';
import { isInShare } from './cohort.signature.js';
import { loadPolicies } from './load-policies.adapter.js';
import { versionFor } from './policies.js';

const policies = await loadPolicies(new URL('../../policies', import.meta.url).pathname);
const [BEFORE, AFTER] = ['2021-06-30T15:59:59.999Z', '2021-06-30T16:00:00.000Z'];
const PILOT = new Date('2023-11-11T04:00:00.000Z');
const FULL = new Date('2024-09-12T04:00:00.000Z');
const TODAY = new Date('2026-11-24T08:00:00.000Z');

/** Payers of the pilot's share, and others. */
const share = { salt: 'taobao-wechat-pilot', shareBps: 5_000 };
const keys = Array.from({ length: 64 }, () => aPayerKey());
const keyOf = (inside: boolean) =>
  keys.find((key) => isInShare(share, key) === inside) ?? aPayerKey();

type Over = Partial<Omit<Asked, 'platform'>> & Readonly<{ platform?: string }>;
const answer = (at: Date, { platform = 'taobao', ...over }: Over = {}) => {
  const asked = {
    ...aPaymentRequested({ amount: AMOUNT }),
    payerKey: keyOf(true),
    ...over,
    expiresAt: new Date(at.getTime() + 900_000),
  };
  const version = versionFor(policies, platformId(platform), at);
  return decide(version, asked, { offer: 1, now: at, usability: EVERYTHING_USABLE });
};
const offeredAt = (...asked: Parameters<typeof answer>) =>
  answer(...asked)
    .verdicts.filter(isFree)
    .map(({ method }) => methodText(method));
/** Of WeChat Pay's methods alone. */
const reasonsAt = (...asked: Parameters<typeof answer>) =>
  answer(...asked)
    .verdicts.filter(({ method }) => method.provider === 'wechat')
    .map(({ against }) => against);

const QR = 'wechat/wechat_pay/qr';
const LINK = 'wechat/wechat_pay/link';
const ALIPAY_WEB = ['alipay/alipay/redirect', 'alipay/alipay/qr', 'alipay/alipay/link'];
const UNIONPAY_WEB = ['unionpay/cloud_quickpass/redirect', 'unionpay/cloud_quickpass/qr'];
const ACROSS_WEB = ['alipay/cloud_quickpass/qr', 'unionpay/alipay/qr'];
const ALIPAY_APP = ['alipay/alipay/app', 'alipay/alipay/link'];
const UNIONPAY_APP = [
  'unionpay/cloud_quickpass/app',
  'unionpay/bank_app:0102/app',
  'unionpay/bank_app:0105/app',
];
const without = { hasBoundCard: 'no', hasBalance: 'unknown' } as const;

it('Taobao offers Alipay, and always first', () => {
  const versions = policies.get(platformId('taobao'))?.versions ?? [];
  for (const { effectiveFrom } of versions) {
    for (const channel of ['app', 'web'] as const) {
      expect(offeredAt(effectiveFrom, { channel })[0]).toMatch(/^alipay\/alipay\//);
    }
  }
  expect(versions[0]?.effectiveFrom.getFullYear()).toBe(2003);
});

describe('UnionPay on Taobao', () => {
  it.each<{ channel: Channel; before: string[]; after: string[] }>`
    channel           | before        | after
    ${'app'}          | ${ALIPAY_APP} | ${[...ALIPAY_APP, ...UNIONPAY_APP]}
    ${'web'}          | ${ALIPAY_WEB} | ${[...ALIPAY_WEB, ...UNIONPAY_WEB, ...ACROSS_WEB]}
    ${'mini_program'} | ${[]}         | ${[]}
    ${'in_store'}     | ${[]}         | ${[]}
  `('from $channel opens on the first of July 2021', ({ channel, before, after }) => {
    expect(offeredAt(new Date(BEFORE), { channel })).toEqual(before);
    expect(offeredAt(new Date(AFTER), { channel })).toEqual(after);
  });
});

describe('before the pilot', () => {
  it('WeChat Pay is not on Taobao', () => {
    const last = answer(new Date('2023-10-31T15:59:59.999Z'), { payer: without });
    expect(last.policyVersion).toBe('2021-07-unionpay');
    expect(JSON.stringify(last.verdicts)).not.toContain('wechat');
  });
});

describe('in the pilot of November 2023', () => {
  it('a payer without a bound card is offered WeChat Pay by QR code and by link only', () => {
    expect(offeredAt(PILOT, { payer: without })).toEqual([
      ...ALIPAY_WEB,
      ...UNIONPAY_WEB,
      ...ACROSS_WEB,
      QR,
      LINK,
    ]);
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
    ${'app'}          | ${[...ALIPAY_APP, 'wechat/wechat_pay/app', QR, LINK, ...UNIONPAY_APP]}
    ${'web'}          | ${[...ALIPAY_WEB, QR, 'wechat/wechat_pay/redirect', LINK, ...UNIONPAY_WEB, ...ACROSS_WEB]}
    ${'mini_program'} | ${['wechat/wechat_pay/mini_program', LINK]}
    ${'in_store'}     | ${[]}
  `('everybody is offered $methods from $channel, for any amount', ({ channel, methods }) => {
    for (const at of [FULL, TODAY]) {
      expect(offeredAt(at, { ...everybody, channel })).toEqual(methods);
    }
  });
});

describe('Cloud QuickPass', () => {
  it.each<[string, Channel, string]>([
    ['jd', 'app', 'unionpay/cloud_quickpass/app'],
    ['pinduoduo', 'app', 'unionpay/cloud_quickpass/app'],
    ['wechat_mini_program', 'mini_program', 'unionpay/cloud_quickpass/mini_program'],
  ])('opens on %s, from %s, on the first of January 2022, after what was there', (...row) => {
    const [platform, channel, method] = row;
    const before = offeredAt(new Date('2021-12-31T15:59:59.999Z'), { platform, channel });
    const after = offeredAt(new Date('2021-12-31T16:00:00.000Z'), { platform, channel });
    expect(after).toEqual([...before, method]);
    expect(before[0]).toMatch(/^wechat\/wechat_pay\//);
  });
});

it('Alipay is offered off Taobao too', () => {
  const asked = { platform: 'pinduoduo', channel: 'app' } as const;
  expect(offeredAt(TODAY, asked)).toContain('alipay/alipay/app');
});

describe('in the corner shop', () => {
  const [ALIPAY, OWN] = ['alipay/alipay/barcode', 'unionpay/cloud_quickpass/barcode'];
  const [BY_ALIPAY, BY_UNIONPAY] = ['alipay/cloud_quickpass/barcode', 'unionpay/alipay/barcode'];
  it.each<{ on: string; methods: string[] }>`
    on              | methods
    ${'2021-06-30'} | ${[ALIPAY]}
    ${'2021-07-01'} | ${[ALIPAY, BY_ALIPAY, OWN, BY_UNIONPAY]}
    ${'2022-01-01'} | ${[ALIPAY, OWN, BY_ALIPAY, BY_UNIONPAY]}
  `('codes are taken by $methods from $on on', ({ on, methods }) => {
    const asked = { platform: 'corner_shop', channel: 'in_store' } as const;
    expect(offeredAt(new Date(`${on}T12:00:00+08:00`), asked)).toEqual(methods);
  });
});

const APPS = ['wechat_pay', 'alipay', 'cloud_quickpass', 'bank_app:0105'] as const;

it('every provider that somebody can pay by is offered somewhere', () => {
  const named = [...policies.values()].flatMap(({ versions }) =>
    versions.flatMap(({ methods }) => methods.map(({ method }) => method.provider)),
  );
  const usable = PROVIDERS.filter((provider) =>
    PRESENTATIONS.some((presentation) =>
      APPS.some((app) => impossible({ provider, instrument: app, presentation }) === undefined),
    ),
  );
  expect(usable.filter((provider) => named.includes(provider))).toEqual(usable);
});
