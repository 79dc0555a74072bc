import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Accounts } from '@hutong/gateway';
import { createLogger } from '@hutong/telemetry';
import { aKeyPair, writeAccount, type Portal } from './account-files.examples.js';
import { readAlipayAccount } from './alipay.account.config.js';
import { readAlipayConfig } from './alipay.config.js';
import { publicCertificate, recorded } from './recorded.examples.js';

const notifyUrl = 'https://pay.example/notifications/taobao';
const { certificate, vectors } = recorded;

describe('an account', () => {
  let folder: string;
  let portal: Portal;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-accounts-'));
    portal = { ...recorded.portal, appPrivateKeyPem: aKeyPair().privateKeyPem };
    const files = {
      'app-certificate.pem': publicCertificate('app'),
      'roots.pem': publicCertificate('roots'),
      'one.pem': publicCertificate('alipay'),
      'other.pem': certificate.pem,
      'next.pem': aKeyPair().publicKeyPem,
      'content.key': `${vectors.contentKey}\n`,
      'short.key': 'c2hvcnQ=',
      'no-roots.pem': portal.alipayPublicKeyPem,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Written with something else in it, and read back. */
  const reading = async (said: Record<string, unknown> = {}) => {
    await writeAccount(folder, portal, { notifyUrl, ...said });
    const json: unknown = JSON.parse(await readFile(join(folder, 'taobao.json'), 'utf8'));
    return readAlipayAccount(json, folder);
  };
  const certificates = {
    mode: 'certificates',
    appCertificateFile: 'app-certificate.pem',
    rootCertificatesFile: 'roots.pem',
    certificateFiles: ['one.pem', 'other.pem'],
  };

  it('has in public-key mode each key that Alipay may sign with, and names no certificate', async () => {
    const publicKeyFiles = ['taobao.alipay.pem', 'next.pem'];
    const account = await reading({ alipayKeys: { mode: 'public_key', publicKeyFiles } });
    expect([...account.keys.keys()]).toEqual(publicKeyFiles);
    expect(account.certificates).toBeUndefined();
    expect(account).toMatchObject({ qrProductCode: 'QR_CODE_OFFLINE', refundGapMs: 3_000 });
  });

  it('has in certificate mode each certificate by its name, and the names of its own', async () => {
    const account = await reading({ alipayKeys: certificates });
    expect([...account.keys.keys()]).toEqual(['7513daaaa48aa3ba2e4018d84402479c', certificate.sn]);
    expect(account.certificates).toEqual({
      appSn: '866efef280dec9137a87d047ac446315',
      rootsSn: '687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6',
    });
  });

  it('may encrypt its content, and have an older contract', async () => {
    const more = { contentKeyFile: 'content.key', qrProductCode: 'FACE_TO_FACE_PAYMENT' };
    const account = await reading(more);
    expect(account.contentKey?.reveal()).toBe(vectors.contentKey);
    expect(account.qrProductCode).toBe('FACE_TO_FACE_PAYMENT');
  });

  it('shows its secrets to nobody by accident', async () => {
    const account = await reading({ contentKeyFile: 'content.key' });
    const shown = `${inspect(account, { depth: 9 })} ${JSON.stringify(account)}`;
    const [, line = ''] = portal.appPrivateKeyPem.split('\n');
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(vectors.contentKey);
    expect(shown).not.toContain(line);
  });

  type Row = Readonly<{ what: string; said: Record<string, unknown>; fault: string }>;
  it.each<Row>([
    { what: 'an app id of letters', said: { appId: 'app' }, fault: 'bad appId' },
    { what: 'a seller who is none', said: { sellerId: '1088990000000001' }, fault: 'bad sellerId' },
    { what: 'a field that nobody knows', said: { apiKey: 'x' }, fault: 'bad apiKey' },
    {
      what: 'a query in its address',
      said: { notifyUrl: 'https://pay.example/n?a=b' },
      fault: 'bad notifyUrl',
    },
    { what: 'no pace', said: { requestsPerSecond: 0 }, fault: 'bad requestsPerSecond' },
    {
      what: 'another mode of keys',
      said: { alipayKeys: { ...certificates, mode: 'both' } },
      fault: 'bad alipayKeys.mode',
    },
    {
      what: 'a public key without its file',
      said: { alipayKeys: { mode: 'public_key' } },
      fault: 'bad alipayKeys.publicKeyFiles',
    },
    {
      what: 'certificates without roots',
      said: { alipayKeys: { ...certificates, rootCertificatesFile: undefined } },
      fault: 'bad alipayKeys.rootCertificatesFile',
    },
    {
      what: 'half of the other mode',
      said: {
        alipayKeys: {
          mode: 'public_key',
          publicKeyFiles: ['taobao.alipay.pem'],
          appCertificateFile: 'app-certificate.pem',
        },
      },
      fault: 'bad alipayKeys.rootCertificatesFile, alipayKeys.certificateFiles',
    },
    {
      what: 'a key that is none',
      said: { privateKeyFile: 'content.key' },
      fault: 'privateKeyFile has no RSA key in PEM',
    },
    {
      what: 'a certificate that is none',
      said: { alipayKeys: { ...certificates, certificateFiles: ['taobao.alipay.pem'] } },
      fault: 'alipayKeys.certificateFiles has no RSA certificate in PEM',
    },
    {
      what: 'roots that are none',
      said: { alipayKeys: { ...certificates, rootCertificatesFile: 'no-roots.pem' } },
      fault: 'alipayKeys.rootCertificatesFile has no certificate of use in PEM',
    },
    {
      what: 'a content key of another length',
      said: { contentKeyFile: 'short.key' },
      fault: 'contentKeyFile is not 16 bytes in base64',
    },
  ])('with $what is refused by name, without what is in it', async ({ said, fault }) => {
    const refused: unknown = await reading(said).catch((cause: unknown) => cause);
    expect(String(refused)).toContain(fault);
    expect(inspect(refused, { depth: 9 })).not.toContain(vectors.contentKey);
  });

  it('takes a new key while the gateway runs', async () => {
    await reading({ contentKeyFile: 'content.key' });
    const logger = createLogger({ service: 'alipay-gateway', level: 'silent' });
    const accounts = await Accounts.open(folder, readAlipayAccount, logger);
    const next = Buffer.alloc(16, 7).toString('base64');
    try {
      await writeFile(join(folder, 'content.key'), next);
      await accounts.refresh();
      expect(accounts.named('taobao')?.contentKey?.reveal()).toBe(next);
    } finally {
      await accounts.stop();
    }
  });
});

describe('the environment', () => {
  it('is refused as a whole, every bad variable by name', () => {
    const env = {
      ALIPAY_GATEWAY_URL: 'nowhere',
      ALIPAY_CASHIER: 'nowhere',
      ALIPAY_ACCOUNTS_DIR: '/no/such/folder',
      ALIPAY_TIMEOUT_MS: '31000',
    };
    const read = () => readAlipayConfig(env);
    for (const name of [...Object.keys(env), 'DATABASE_URL', 'KAFKA_BROKERS']) {
      expect(read).toThrow(name);
    }
    expect(read).not.toThrow('/no/such/folder');
  });
});
