import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { parsePolicy } from './parse-policy.js';
import { versionInForce } from './policy.js';

const method = { method: 'wechat/wechat_pay/qr', label: 'WeChat Pay' };
const version = {
  version: '2024-09',
  effectiveFrom: '2024-09-01T00:00:00+08:00',
  offerValidForSeconds: 600,
  methods: [method],
};
const policy = { platform: 'taobao', versions: [version] };
const withMethod = (over: object) => ({
  ...policy,
  versions: [{ ...version, methods: [{ ...method, ...over }] }],
});
const withConditions = (conditions: object) => withMethod({ conditions });

const mistakesIn = (document: unknown) => {
  const parsed = parsePolicy(document);
  return parsed.ok ? [] : parsed.refusal.map((mistake) => mistake.path);
};

describe('a policy file', () => {
  it('becomes a policy', () => {
    const cap = { maxAmount: { currency: 'CNY', minor: '30000' }, channels: ['app', 'web'] };
    const payerIs = [{ hasBoundCard: 'no' }, { installedApps: { wechat: 'yes' } }];
    const rollout = { salt: 'pilot', shareBps: 2_500 };
    const conditions = { ...cap, payerIs };
    const parsed = parsePolicy({
      ...withMethod({ conditions, rollout, standInFor: ['alipay'] }),
      $schema: '../policy.schema.json',
    });
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    expect(parsed.value).toEqual({
      platform: 'taobao',
      versions: [
        {
          version: '2024-09',
          effectiveFrom: new Date('2024-08-31T16:00:00.000Z'),
          offerValidForMs: 600_000,
          methods: [
            {
              method: { provider: 'wechat', instrument: 'wechat_pay', presentation: 'qr' },
              label: 'WeChat Pay',
              conditions: {
                maxAmount: money(30_000n, 'CNY'),
                channels: ['app', 'web'],
                payerIs: [{ hasBoundCard: 'no' }, { installedApps: { wechat: 'yes' } }],
              },
              rollout: { salt: 'pilot', shareBps: 2_500 },
              standInFor: ['alipay'],
            },
          ],
        },
      ],
    });
  });

  const yuan = (minor: string) => ({ currency: 'CNY', minor });
  it.each<[string, unknown, string[]]>([
    ['is no object', [], ['$']],
    ['is nothing', null, ['$']],
    ['has a bad platform', { ...policy, platform: 'Taobao!' }, ['$.platform']],
    ['has no versions', { ...policy, versions: [] }, ['$.versions']],
    ['misspells a member', { ...policy, version: 1 }, ['$.version']],
    [
      'calls a version none, which means no policy',
      { ...policy, versions: [{ ...version, version: 'none' }] },
      ['$.versions[0].version'],
    ],
    [
      'leaves the offset of a moment open',
      { ...policy, versions: [{ ...version, effectiveFrom: '2024-09-01T00:00:00' }] },
      ['$.versions[0].effectiveFrom'],
    ],
    [
      'names a day that does not exist',
      { ...policy, versions: [{ ...version, effectiveFrom: '2024-13-01T00:00:00Z' }] },
      ['$.versions[0].effectiveFrom'],
    ],
    [
      'makes offers that end at once',
      { ...policy, versions: [{ ...version, offerValidForSeconds: 0 }] },
      ['$.versions[0].offerValidForSeconds'],
    ],
    [
      'counts seconds in fractions',
      { ...policy, versions: [{ ...version, offerValidForSeconds: 1.5 }] },
      ['$.versions[0].offerValidForSeconds'],
    ],
    [
      'has two versions from one moment',
      { ...policy, versions: [version, { ...version, version: '2024-10' }] },
      ['$.versions[1]'],
    ],
    [
      'has two versions of one name',
      { ...policy, versions: [version, { ...version, effectiveFrom: '2025-01-01T00:00:00Z' }] },
      ['$.versions[1]'],
    ],
    [
      'lists more methods than an offer can hold',
      {
        ...policy,
        versions: [
          {
            ...version,
            methods: Array.from({ length: 65 }, (_, i) => ({
              ...method,
              method: `unionpay/bank_app:${i}/app`,
            })),
          },
        ],
      },
      ['$.versions[0].methods'],
    ],
    [
      'lists a method twice',
      { ...policy, versions: [{ ...version, methods: [method, method] }] },
      ['$.versions[0].methods[1]'],
    ],
    [
      'names an unknown method',
      withMethod({ method: 'wechat/qr' }),
      ['$.versions[0].methods[0].method'],
    ],
    ['leaves a label empty', withMethod({ label: '' }), ['$.versions[0].methods[0].label']],
    [
      'misspells a condition',
      withConditions({ maxAmmount: yuan('30000') }),
      ['$.versions[0].methods[0].conditions.maxAmmount'],
    ],
    [
      'writes an amount as a number',
      withConditions({ maxAmount: { currency: 'CNY', minor: 300 } }),
      ['$.versions[0].methods[0].conditions.maxAmount.minor'],
    ],
    [
      'names an unknown currency',
      withConditions({ maxAmount: { currency: 'XXX', minor: '1' } }),
      ['$.versions[0].methods[0].conditions.maxAmount.currency'],
    ],
    [
      'wants more than it allows',
      withConditions({ minAmount: yuan('2'), maxAmount: yuan('1') }),
      ['$.versions[0].methods[0].conditions.maxAmount'],
    ],
    [
      'names an unknown channel',
      withConditions({ channels: ['app', 'fax'] }),
      ['$.versions[0].methods[0].conditions.channels[1]'],
    ],
    [
      'is open to nobody by an empty list',
      withConditions({ channels: [] }),
      ['$.versions[0].methods[0].conditions.channels'],
    ],
    [
      'asks for a payer of whom something is unknown',
      withConditions({ payerIs: [{ hasBoundCard: 'unknown' }] }),
      ['$.versions[0].methods[0].conditions.payerIs[0].hasBoundCard'],
    ],
    [
      'describes a payer by nothing',
      withConditions({ payerIs: [{}] }),
      ['$.versions[0].methods[0].conditions.payerIs[0]'],
    ],
    [
      'is not sure whether an app is installed',
      withConditions({ payerIs: [{ installedApps: { wechat: 'maybe' } }] }),
      ['$.versions[0].methods[0].conditions.payerIs[0].installedApps.wechat'],
    ],
    [
      'asks for no app at all',
      withConditions({ payerIs: [{ installedApps: {} }] }),
      ['$.versions[0].methods[0].conditions.payerIs[0].installedApps'],
    ],
    [
      'opens a rollout to more than everybody',
      withMethod({ rollout: { salt: 'pilot', shareBps: 10_001 } }),
      ['$.versions[0].methods[0].rollout.shareBps'],
    ],
    [
      'leaves the salt of a rollout out',
      withMethod({ rollout: { shareBps: 1 } }),
      ['$.versions[0].methods[0].rollout.salt'],
    ],
    [
      'stands in for itself',
      withMethod({ standInFor: ['alipay', 'wechat'] }),
      ['$.versions[0].methods[0].standInFor'],
    ],
    [
      'stands in for nobody known',
      withMethod({ standInFor: ['paypal'] }),
      ['$.versions[0].methods[0].standInFor[0]'],
    ],
    [
      'reads codes for a provider that takes none',
      withMethod({ method: 'wechat/wechat_pay/barcode' }),
      ['$.versions[0].methods[0].method'],
    ],
    [
      'has an app paid through a provider that does not take it',
      withMethod({ method: 'wechat/alipay/qr' }),
      ['$.versions[0].methods[0].method'],
    ],
    [
      'opens a link in a way that its provider does not have',
      withMethod({ method: 'alipay/alipay/link', opensAs: ['qr', 'mini_program'] }),
      ['$.versions[0].methods[0].opensAs'],
    ],
    [
      'does not say how a link is paid',
      withMethod({ method: 'wechat/wechat_pay/link' }),
      ['$.versions[0].methods[0].opensAs'],
    ],
    [
      'lets a link be paid by a link',
      withMethod({ method: 'wechat/wechat_pay/link', opensAs: ['link'] }),
      ['$.versions[0].methods[0].opensAs[0]'],
    ],
    [
      'opens what is no link',
      withMethod({ opensAs: ['qr'] }),
      ['$.versions[0].methods[0].opensAs'],
    ],
  ])('that %s is told where', (_, document, paths) => {
    expect(mistakesIn(document)).toEqual(paths);
  });

  it('tells all its mistakes at once', () => {
    const document = { platform: '', versions: [{ ...version, version: '', methods: [{}] }] };
    expect(mistakesIn(document)).toEqual([
      '$.platform',
      '$.versions[0].version',
      '$.versions[0].methods[0].method',
      '$.versions[0].methods[0].label',
    ]);
  });
});

describe('the version in force', () => {
  const later = { ...version, version: '2025-01', effectiveFrom: '2025-01-01T00:00:00+08:00' };
  const parsed = parsePolicy({ ...policy, versions: [version, later] });

  it.each<{ at: string; name: string | undefined }>`
    at                            | name
    ${'2024-08-31T15:59:59.999Z'} | ${undefined}
    ${'2024-08-31T16:00:00.000Z'} | ${'2024-09'}
    ${'2024-12-31T15:59:59.999Z'} | ${'2024-09'}
    ${'2024-12-31T16:00:00.000Z'} | ${'2025-01'}
  `('at $at is $name', ({ at, name }) => {
    if (!parsed.ok) throw new Error('the policy does not parse');
    expect(versionInForce(parsed.value, new Date(at))?.version).toBe(name);
  });
});
