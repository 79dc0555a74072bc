import { describe, expect, it } from '@jest/globals';
import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { accountFiles, parsePortals, type Portal } from './account-files.js';

const PORTALS: Readonly<Record<Provider, Portal>> = {
  wechat: {
    account: 'taobao',
    platform: 'taobao',
    mchid: '1',
    appid: 'wx1',
    certificateSerial: '2',
    privateKeyPem: 'secret one',
    apiV3Key: 'secret two',
    publicKeyId: '3',
    publicKeyPem: 'public',
  },
  alipay: {
    account: 'taobao',
    platform: 'taobao',
    appId: '1',
    sellerId: '2088',
    appPrivateKeyPem: 'secret one',
    alipayPublicKeyPem: 'public',
  },
  unionpay: {
    account: 'taobao',
    platform: 'taobao',
    merId: '1',
    privateKeyPem: 'secret one',
    certificatePem: 'certificate',
    middlePem: 'middle',
    rootPem: 'root',
  },
};
const terms = { notifyUrl: 'https://pay.example/notifications/taobao' };

describe.each(PROVIDERS)('an account of %s', (provider) => {
  const files = accountFiles(provider, PORTALS[provider], terms);
  const registered = files['taobao.json'] ?? '';

  it('names every file beside it, and no other', () => {
    const beside = Object.keys(files).filter((name) => name !== 'taobao.json');
    const named = [...registered.matchAll(/"(taobao\.[\w.]+)"/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(beside.toSorted());
  });

  it('has no secret of its own', () => {
    expect(registered).not.toContain('secret');
    expect(JSON.parse(registered)).toMatchObject({
      account: 'taobao',
      platform: 'taobao',
      ...terms,
    });
  });

  it('is not written without what the portal has to show', () => {
    const { account, platform } = PORTALS[provider];
    expect(() => accountFiles(provider, { account, platform }, terms)).toThrow(
      new RegExp(`^no \\w+ is shown for ${provider} taobao$`),
    );
  });
});

it.each([
  [undefined],
  [{}],
  [[null]],
  [[{ account: 'taobao' }]],
  [[{ ...PORTALS.alipay, appId: 1 }]],
])('%j is no list of accounts', (answer) => {
  expect(() => parsePortals(answer)).toThrow('the sandbox did not answer with accounts');
});
