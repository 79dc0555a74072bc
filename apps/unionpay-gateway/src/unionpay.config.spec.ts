import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Accounts } from '@hutong/gateway';
import { createLogger } from '@hutong/telemetry';
import { writeAccount } from './account-files.examples.js';
import { aCertificate, aParty } from './certificates.examples.js';
import { thePortal } from './recorded.examples.js';
import { readUnionpayAccount } from './unionpay.account.config.js';
import { readUnionpayConfig } from './unionpay.config.js';

const aReadableFile = join(import.meta.dirname, 'unionpay.config.ts');
const notifyUrl = 'https://pay.example/notifications/taobao';

describe('an account', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-accounts-'));
    await writeFile(join(folder, 'other.pem'), aCertificate(aParty('other')));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Written with something else in it, and read back. */
  const reading = async (said: Record<string, unknown> = {}) => {
    await writeAccount(folder, thePortal, { notifyUrl, ...said });
    const json: unknown = JSON.parse(await readFile(join(folder, 'taobao.json'), 'utf8'));
    return readUnionpayAccount(json, folder);
  };

  it('names its certificate in decimal, and knows who may vouch for UnionPay’s', async () => {
    const account = await reading({ certificateFile: 'taobao.merchant.pem' });
    expect(account.certId).toBe('10');
    expect(account.trust.middles.map(({ subject }) => subject)).toEqual([
      'C=CN\nO=Recorded Financial\nCN=Recorded Middle',
    ]);
    expect(account.trust.roots).toHaveLength(1);
  });

  it('reads codes at a till, if it has one', async () => {
    expect((await reading()).terminalId).toBe('49000002');
    expect((await reading({ terminalId: undefined })).terminalId).toBeUndefined();
  });

  it('shows its secrets to nobody by accident', async () => {
    const account = await reading();
    const shown = `${inspect(account, { depth: 9 })} ${JSON.stringify(account)}`;
    const [, line = ''] = thePortal.privateKeyPem.split('\n');
    expect(shown).not.toContain(line);
  });

  it.each<[what: string, said: Record<string, unknown>, fault: string]>([
    ['a number of letters', { merId: 'merchant' }, 'bad merId'],
    ['a number too short', { merId: '77729005811004' }, 'bad merId'],
    ['a field that nobody knows', { apiKey: 'x' }, 'bad apiKey'],
    ['a query in its address', { notifyUrl: 'https://pay.example/n?a=b' }, 'bad notifyUrl'],
    ['no pace', { requestsPerSecond: 0 }, 'bad requestsPerSecond'],
    ['a till that is none', { terminalId: '1' }, 'bad terminalId'],
    [
      'a key that is none',
      { privateKeyFile: 'taobao.root.pem' },
      'privateKeyFile has no RSA key in PEM',
    ],
    ['no key', { privateKeyFile: 'gone.pem' }, 'privateKeyFile names no file'],
    [
      'the certificate of another key',
      { certificateFile: 'other.pem' },
      'certificateFile has no certificate of our key in PEM',
    ],
    [
      'a middle that is no authority',
      { middleCertificatesFile: 'other.pem' },
      'middleCertificatesFile has no authorities in PEM',
    ],
    [
      'no root',
      { rootCertificatesFile: 'taobao.merchant.key' },
      'rootCertificatesFile has no authorities in PEM',
    ],
  ])('with %s is refused by name, without what is in it', async (_, said, fault) => {
    const refused: unknown = await reading(said).catch((cause: unknown) => cause);
    expect(String(refused)).toContain(fault);
    const [, line = ''] = thePortal.privateKeyPem.split('\n');
    expect(inspect(refused, { depth: 9 })).not.toContain(line);
  });

  it('takes another certificate while the gateway runs', async () => {
    await reading();
    const logger = createLogger({ service: 'unionpay-gateway', level: 'silent' });
    const accounts = await Accounts.open(folder, readUnionpayAccount, logger);
    try {
      const next = aParty('051@777290058110048@taobao@00000002');
      const privateKeyPem = next.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const certificatePem = aCertificate(next, { serial: '0b' });
      await writeAccount(folder, { ...thePortal, privateKeyPem, certificatePem }, { notifyUrl });
      await accounts.refresh();
      expect(accounts.named('taobao')?.certId).toBe('11');
    } finally {
      await accounts.stop();
    }
  });
});

describe('the environment', () => {
  const env = {
    DATABASE_URL: 'postgresql://hutong@127.0.0.1:5432/gateway',
    DATABASE_PASSWORD_FILE: aReadableFile,
    KAFKA_BROKERS: '127.0.0.1:9092',
    UNIONPAY_ACCOUNTS_DIR: tmpdir(),
    UNIONPAY_BASE_URL: 'https://gateway.95516.com',
    PUBLIC_URL: 'https://pay.example/unionpay',
  };

  it('says where payers come by, whether or not it ends in a slash', () => {
    for (const PUBLIC_URL of [env.PUBLIC_URL, `${env.PUBLIC_URL}/`, `${env.PUBLIC_URL}//`]) {
      const { publicUrl } = readUnionpayConfig({ ...env, PUBLIC_URL }).api;
      expect(new URL('front/1/2', publicUrl).href).toBe('https://pay.example/unionpay/front/1/2');
    }
  });

  it('sends browsers to UnionPay where it is, or where they find it', () => {
    const cashier = (said: object) => readUnionpayConfig({ ...env, ...said }).api.cashierUrl.href;
    expect(cashier({})).toBe('https://gateway.95516.com/');
    expect(cashier({ UNIONPAY_CASHIER: 'http://localhost:3103' })).toBe('http://localhost:3103/');
  });

  it.each<[url: string, mode: string]>([
    ['https://gateway.95516.com', '00'],
    ['https://gateway.test.95516.com', '01'],
    ['http://127.0.0.1:3103', '00'],
  ])('of %s starts apps in mode %s', (UNIONPAY_BASE_URL, mode) => {
    expect(readUnionpayConfig({ ...env, UNIONPAY_BASE_URL }).api.appMode).toBe(mode);
  });

  it('shows a page for an hour, unless it says otherwise', () => {
    const life = (said: object) => readUnionpayConfig({ ...env, ...said }).api.pageLifeMs;
    expect(life({})).toBe(3_600_000);
    expect(life({ UNIONPAY_PAGE_LIFE_MS: '600000' })).toBe(600_000);
  });

  it('is refused as a whole, every bad variable by name', () => {
    const bad = {
      UNIONPAY_BASE_URL: 'nowhere',
      PUBLIC_URL: '',
      UNIONPAY_ACCOUNTS_DIR: '/no/such/folder',
      UNIONPAY_PAGE_LIFE_MS: '59999',
      UNIONPAY_TIMEOUT_MS: '31000',
    };
    const read = () => readUnionpayConfig(bad);
    for (const name of [...Object.keys(bad), 'DATABASE_URL', 'KAFKA_BROKERS']) {
      expect(read).toThrow(name);
    }
    expect(read).not.toThrow('/no/such/folder');
  });
});
