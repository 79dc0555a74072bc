import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ANSWERS, payerKey, platformId, type Answer, type Channel } from '@hutong/domain-events';
import { money, type Currency } from '@hutong/money';
import type { Conditions, MethodRule, PolicyVersion } from '../policy/policy.js';
import type { Circuit } from '../health/circuit.js';
import { decide, isFree, judge, type Asked } from './offer.js';
import { EVERYTHING_USABLE, type Usability } from './usability.js';

const now = new Date('2024-11-11T04:00:00.000Z');
const at = (ms: number) => new Date(now.getTime() + ms);

const anAsked = (over: Partial<Asked> = {}): Asked => ({
  platform: platformId('taobao'),
  amount: money(12_800n, 'CNY'),
  channel: 'web',
  payerKey: payerKey('0'.repeat(32)),
  payer: { hasBoundCard: 'unknown', hasBalance: 'unknown' },
  expiresAt: at(900_000),
  ...over,
});
const aRule = (conditions: Conditions = {}): MethodRule => ({
  method: { provider: 'wechat', instrument: 'wechat_pay', presentation: 'qr' },
  label: 'WeChat Pay',
  conditions,
});
const aVersion = (...methods: MethodRule[]): PolicyVersion => ({
  version: '2024-09',
  effectiveFrom: new Date('2024-09-01T00:00:00+08:00'),
  offerValidForMs: 600_000,
  methods,
});
const against = (conditions: Conditions, asked: Asked) =>
  judge(aVersion(aRule(conditions)), asked, { now, usability: EVERYTHING_USABLE }).flatMap(
    (verdict) => verdict.against,
  );

type AmountRow = { minor: bigint; currency: Currency; reasons: string[] };
describe('a method', () => {
  it('without conditions is for everybody', () => {
    expect(against({}, anAsked())).toEqual([]);
  });

  it.each<AmountRow>`
    minor      | currency | reasons
    ${99n}     | ${'CNY'} | ${['below the smallest amount']}
    ${100n}    | ${'CNY'} | ${[]}
    ${30_000n} | ${'CNY'} | ${[]}
    ${30_001n} | ${'CNY'} | ${['above the limit']}
    ${200n}    | ${'USD'} | ${['wechat does not take USD', 'below the smallest amount', 'above the limit']}
  `('from 100 to 30000 fen, for $minor $currency: $reasons', ({ minor, currency, reasons }) => {
    const conditions = { minAmount: money(100n, 'CNY'), maxAmount: money(30_000n, 'CNY') };
    expect(against(conditions, anAsked({ amount: money(minor, currency) }))).toEqual(reasons);
  });

  it('is left out for more than its provider can take at once, whatever the policy allows', () => {
    const most = 9_007_199_254_740_991n;
    expect(against({}, anAsked({ amount: money(most, 'CNY') }))).toEqual([]);
    expect(against({}, anAsked({ amount: money(most + 1n, 'CNY') }))).toEqual([
      'more than wechat can take at once',
    ]);
  });

  it.each<{ channel: Channel; reasons: string[] }>`
    channel       | reasons
    ${'app'}      | ${[]}
    ${'web'}      | ${[]}
    ${'in_store'} | ${['not for the channel in_store']}
  `('for app and web, asked from $channel: $reasons', ({ channel, reasons }) => {
    expect(against({ channels: ['app', 'web'] }, anAsked({ channel }))).toEqual(reasons);
  });

  it.each<{ hasBoundCard: Answer; hasBalance: Answer; free: boolean }>`
    hasBoundCard | hasBalance   | free
    ${'no'}      | ${'no'}      | ${true}
    ${'no'}      | ${'yes'}     | ${true}
    ${'no'}      | ${'unknown'} | ${true}
    ${'yes'}     | ${'no'}      | ${true}
    ${'unknown'} | ${'no'}      | ${true}
    ${'yes'}     | ${'yes'}     | ${false}
    ${'yes'}     | ${'unknown'} | ${false}
    ${'unknown'} | ${'yes'}     | ${false}
    ${'unknown'} | ${'unknown'} | ${false}
  `(
    'for payers without card or without balance, card $hasBoundCard, balance $hasBalance: $free',
    ({ hasBoundCard, hasBalance, free }) => {
      const conditions = { payerIs: [{ hasBoundCard: 'no' }, { hasBalance: 'no' }] } as const;
      const reasons = against(conditions, anAsked({ payer: { hasBoundCard, hasBalance } }));
      expect(reasons).toEqual(free ? [] : ['not open to this payer']);
    },
  );

  it('wants the whole of a description to fit', () => {
    const conditions = { payerIs: [{ hasBoundCard: 'no', hasBalance: 'no' }] } as const;
    const payer = { hasBoundCard: 'no', hasBalance: 'unknown' } as const;
    expect(against(conditions, anAsked({ payer }))).toEqual(['not open to this payer']);
  });

  it.each<{ installedApps: readonly string[] | undefined; wanted: 'yes' | 'no'; free: boolean }>`
    installedApps          | wanted   | free
    ${['wechat', 'other']} | ${'yes'} | ${true}
    ${['other']}           | ${'yes'} | ${false}
    ${undefined}           | ${'yes'} | ${false}
    ${['wechat']}          | ${'no'}  | ${false}
    ${[]}                  | ${'no'}  | ${true}
    ${undefined}           | ${'no'}  | ${false}
  `(
    'for payers with the app or without it ($wanted), of whom $installedApps is known: $free',
    ({ installedApps, wanted, free }) => {
      const payer = { hasBoundCard: 'unknown', hasBalance: 'unknown', installedApps } as const;
      const reasons = against(
        { payerIs: [{ installedApps: { wechat: wanted } }] },
        anAsked({ payer }),
      );
      expect(reasons).toEqual(free ? [] : ['not open to this payer']);
    },
  );

  it('is for nobody once the payment has expired', () => {
    expect(against({}, anAsked({ expiresAt: now }))).toEqual(['the payment has expired']);
    expect(against({}, anAsked({ expiresAt: at(1) }))).toEqual([]);
  });

  it('is told every reason against it', () => {
    const conditions: Conditions = { maxAmount: money(1n, 'CNY'), channels: ['app'] };
    expect(against(conditions, anAsked())).toEqual(['above the limit', 'not for the channel web']);
  });
});

describe('whatever its conditions say, a method', () => {
  const open: Circuit = { state: 'open', since: at(-30_000), probeAt: now };
  const resting: Circuit = { state: 'open', since: at(-29_999), probeAt: at(1) };
  const taken: Circuit = { state: 'open', since: at(-60_000), probeAt: at(1) };
  const off = (...targets: string[]): Usability => ({
    ...EVERYTHING_USABLE,
    switchedOff: new Set(targets),
  });
  const failing = (circuit: Circuit): Usability => ({
    ...EVERYTHING_USABLE,
    circuits: new Map([['wechat', circuit]]),
  });
  const closed: Circuit = { state: 'closed', since: at(-1) };
  const standIn: MethodRule = {
    method: { provider: 'alipay', instrument: 'alipay', presentation: 'qr' },
    label: 'Alipay',
    conditions: {},
    standInFor: ['wechat'],
  };

  it.each<{ what: string; usability: Usability; reasons: string[]; standsIn: boolean }>`
    what                             | usability                       | reasons                                     | standsIn
    ${'nothing against it'}          | ${EVERYTHING_USABLE}            | ${[]}                                       | ${false}
    ${'its provider switched off'}   | ${off('wechat')}                | ${['wechat is switched off']}               | ${true}
    ${'itself switched off'}         | ${off('wechat/wechat_pay/qr')}  | ${['wechat/wechat_pay/qr is switched off']} | ${false}
    ${'another method switched off'} | ${off('wechat/wechat_pay/app')} | ${[]}                                       | ${false}
    ${'another provider off'}        | ${off('unionpay')}              | ${[]}                                       | ${false}
    ${'a provider that is well'}     | ${failing(closed)}              | ${[]}                                       | ${false}
    ${'a provider that rests'}       | ${failing(resting)}             | ${['wechat does not answer at present']}    | ${true}
    ${'a provider to be tried'}      | ${failing(open)}                | ${[]}                                       | ${false}
    ${'a provider being tried'}      | ${failing(taken)}               | ${['wechat is just being tried again']}     | ${true}
  `('with $what is left out for $reasons', ({ usability, reasons, standsIn }) => {
    const verdicts = judge(aVersion(aRule(), standIn), anAsked(), { now, usability });
    expect(verdicts.map(({ against: why }) => why)).toEqual([
      reasons,
      standsIn ? [] : ['only in place of wechat'],
    ]);
  });

  it('is open to the share of payers of its rollout', () => {
    const rule = (shareBps: number) => ({ ...aRule(), rollout: { salt: 'pilot', shareBps } });
    const moment = { now, usability: EVERYTHING_USABLE };
    const reasonsAt = (shareBps: number) =>
      judge(aVersion(rule(shareBps)), anAsked(), moment).flatMap((one) => one.against);
    expect(reasonsAt(10_000)).toEqual([]);
    expect(reasonsAt(0)).toEqual(['not open to this payer yet: outside the share of payers']);
  });
});

describe('a decision', () => {
  it('keeps the order of the policy and what it leaves out', () => {
    const capped: MethodRule = {
      method: { provider: 'wechat', instrument: 'wechat_pay', presentation: 'app' },
      label: 'WeChat Pay app',
      conditions: { channels: ['app'] },
    };
    const decision = decide(aVersion(capped, aRule()), anAsked(), {
      offer: 1,
      now,
      usability: EVERYTHING_USABLE,
    });
    expect(decision.policyVersion).toBe('2024-09');
    expect(decision.verdicts.map((v) => [v.label, isFree(v)])).toEqual([
      ['WeChat Pay app', false],
      ['WeChat Pay', true],
    ]);
  });

  it.each<{ expiresInMs: number; validForMs: number | undefined }>`
    expiresInMs | validForMs
    ${900_000}  | ${600_000}
    ${600_000}  | ${600_000}
    ${5_000}    | ${5_000}
    ${0}        | ${undefined}
  `(
    'on a payment that expires in $expiresInMs ms holds for $validForMs ms',
    ({ expiresInMs, validForMs }) => {
      const decision = decide(aVersion(aRule()), anAsked({ expiresAt: at(expiresInMs) }), {
        offer: 1,
        now,
        usability: EVERYTHING_USABLE,
      });
      expect(decision.validUntil).toEqual(validForMs === undefined ? undefined : at(validForMs));
    },
  );

  it('without a policy in force offers nothing', () => {
    expect(decide(undefined, anAsked(), { offer: 3, now, usability: EVERYTHING_USABLE })).toEqual({
      offer: 3,
      decidedAt: now,
      policyVersion: 'none',
      verdicts: [],
      validUntil: undefined,
    });
  });
});

describe('for any payer, amount and policy', () => {
  const answer = fc.constantFrom(...ANSWERS);
  const known = fc.option(fc.constantFrom('yes' as const, 'no' as const), { nil: undefined });
  const description = fc
    .record({ hasBoundCard: known, hasBalance: known })
    .map(({ hasBoundCard, hasBalance }) => ({
      ...(hasBoundCard && { hasBoundCard }),
      ...(hasBalance && { hasBalance }),
    }));

  it('making something known unknown never opens a method', () => {
    const payers = fc.record({ hasBoundCard: answer, hasBalance: answer });
    const payerIs = fc.array(description, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        payers,
        payerIs,
        fc.constantFrom('hasBoundCard', 'hasBalance'),
        (payer, is, hidden) => {
          const less = { ...payer, [hidden]: 'unknown' as const };
          const open = (known: typeof payer) =>
            against({ payerIs: is }, anAsked({ payer: known })).length === 0;
          return !open(less) || open(payer);
        },
      ),
    );
  });

  it('an app of which nothing is known never opens a method', () => {
    const apps = fc.uniqueArray(fc.constantFrom<string>('wechat', 'alipay', 'other'));
    const wanted = fc.dictionary(
      fc.constantFrom('wechat', 'alipay'),
      fc.constantFrom('yes', 'no'),
      {
        minKeys: 1,
      },
    );
    fc.assert(
      fc.property(apps, wanted, (installedApps, asked) => {
        const payer = { hasBoundCard: 'unknown', hasBalance: 'unknown' } as const;
        const reasons = (known?: readonly string[]) =>
          against(
            { payerIs: [{ installedApps: asked }] },
            anAsked({ payer: { ...payer, installedApps: known } }),
          );
        const fits = Object.entries(asked).every(
          ([app, is]) => installedApps.includes(app) === (is === 'yes'),
        );
        expect(reasons(installedApps)).toEqual(fits ? [] : ['not open to this payer']);
        expect(reasons()).toEqual(['not open to this payer']);
      }),
    );
  });

  it('a cap lets through exactly the amounts up to itself', () => {
    const fen = fc.bigInt({ min: 0n, max: 9_007_199_254_740_991n }); // WeChat's most
    fc.assert(
      fc.property(fen, fen, (cap, minor) => {
        const conditions = { maxAmount: money(cap, 'CNY') };
        const free = against(conditions, anAsked({ amount: money(minor, 'CNY') })).length === 0;
        return free === minor <= cap;
      }),
    );
  });
});
