import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Accounts } from '@hutong/gateway';
import { createLogger } from '@hutong/telemetry';
import { aKeyPair, writeAccount, type Portal } from './account-files.examples.js';
import { recorded } from './recorded.examples.js';
import { readWechatAccount } from './wechat.account.config.js';
import { readWechatConfig } from './wechat.config.js';
import { verifySigned } from './wechat.signature.js';

const notifyUrl = 'https://pay.example/notifications/taobao';
const signedAt = new Date(recorded.at);

describe('an account', () => {
  let folder: string;
  let portal: Portal;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-accounts-'));
    const { privateKeyPem } = aKeyPair();
    portal = { ...recorded.portal, privateKeyPem, certificateSerial: 'A'.repeat(40) };
    await writeFile(join(folder, 'platform.pem'), recorded.certificate.pem);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Written with something else in it, and read back. */
  const reading = async (said: Record<string, unknown> = {}) => {
    await writeAccount(folder, portal, { notifyUrl, ...said });
    const json: unknown = JSON.parse(await readFile(join(folder, 'taobao.json'), 'utf8'));
    return readWechatAccount(json, folder);
  };
  const withCertificate = {
    mode: 'public_key',
    publicKeyId: recorded.portal.publicKeyId,
    publicKeyFile: 'taobao.wechat.pem',
    certificateFiles: ['platform.pem'],
  };

  it('holds its keys by exactly the serials that WeChat names', async () => {
    const { keys } = await reading({ platformKeys: withCertificate });
    expect([...keys.keys()]).toEqual([recorded.portal.publicKeyId, recorded.certificate.serial]);
    for (const { headers, body } of [recorded.vectors.notice, recorded.vectors.byCertificate]) {
      const verified = verifySigned(Buffer.from(body), headers, { keys, now: signedAt });
      expect(verified).toEqual({ ok: true, value: true });
    }
  });

  type Mode = Readonly<{
    platformKeys: object;
    answerSerial: string | undefined;
    downloads: boolean;
    serials: readonly string[];
  }>;
  const { publicKeyId } = recorded.portal;
  const publicKey = { publicKeyId, publicKeyFile: 'taobao.wechat.pem' };
  it.each<Mode>([
    {
      platformKeys: { mode: 'public_key', ...publicKey },
      answerSerial: publicKeyId,
      downloads: false,
      serials: [publicKeyId],
    },
    {
      platformKeys: { mode: 'both', ...publicKey },
      answerSerial: publicKeyId,
      downloads: true,
      serials: [publicKeyId],
    },
    {
      platformKeys: { mode: 'certificates' },
      answerSerial: undefined,
      downloads: true,
      serials: [],
    },
    {
      platformKeys: { mode: 'certificates', certificateFiles: ['platform.pem'] },
      answerSerial: undefined,
      downloads: true,
      serials: [recorded.certificate.serial],
    },
  ])('has in $platformKeys.mode what WeChat may sign with', async (mode) => {
    const account = await reading({ platformKeys: mode.platformKeys });
    expect(account.answerSerial).toBe(mode.answerSerial);
    expect(account.downloadsCertificates).toBe(mode.downloads);
    expect([...account.keys.keys()]).toEqual(mode.serials);
  });

  it('waits a minute between refunds where nothing else is said', async () => {
    expect((await reading()).refundGapMs).toBe(60_000);
    expect((await reading({ refundGapSeconds: 0 })).refundGapMs).toBe(0);
  });

  it('knows no key that it was not given', async () => {
    const { keys } = await reading();
    const { headers, body } = recorded.vectors.byCertificate;
    const verified = verifySigned(Buffer.from(body), headers, { keys, now: signedAt });
    expect(verified).toEqual({ ok: false, refusal: 'unknown_key' });
  });

  it('shows its secrets to nobody by accident', async () => {
    const account = await reading();
    const shown = `${inspect(account, { depth: 9 })} ${JSON.stringify(account)}`;
    const [, line = ''] = portal.privateKeyPem.split('\n');
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(portal.apiV3Key);
    expect(shown).not.toContain(line);
  });

  type Row = Readonly<{ what: string; said: Record<string, unknown>; fault: string }>;
  it.each<Row>([
    { what: 'an mchid of letters', said: { mchid: 'merchant' }, fault: 'bad mchid' },
    { what: 'a field that nobody knows', said: { apiKey: 'x' }, fault: 'bad apiKey' },
    {
      what: 'a query in its address',
      said: { notifyUrl: 'https://pay.example/n?a=b' },
      fault: 'bad notifyUrl',
    },
    { what: 'no pace', said: { requestsPerSecond: 0 }, fault: 'bad requestsPerSecond' },
    {
      what: 'another mode of keys',
      said: { platformKeys: { ...withCertificate, mode: 'certificate' } },
      fault: 'bad platformKeys.mode',
    },
    {
      what: 'a public key without its file',
      said: { platformKeys: { mode: 'both', publicKeyId: recorded.portal.publicKeyId } },
      fault: 'bad platformKeys.publicKeyFile',
    },
    {
      what: 'an app id that is none',
      said: { appids: { app: 'wx-1' } },
      fault: 'bad appids.app',
    },
    {
      what: 'a serial in lower case',
      said: { certificateSerial: 'a'.repeat(40) },
      fault: 'bad certificateSerial',
    },
    {
      what: 'a key that is none',
      said: { privateKeyFile: 'taobao.apiv3.key' },
      fault: 'privateKeyFile has no RSA key in PEM',
    },
    {
      what: 'an APIv3 key of another length',
      said: { apiV3KeyFile: 'platform.pem' },
      fault: 'apiV3KeyFile is not 32 bytes',
    },
    {
      what: 'a certificate that is none',
      said: { platformKeys: { ...withCertificate, certificateFiles: ['taobao.wechat.pem'] } },
      fault: 'platformKeys.certificateFiles has no certificate in PEM',
    },
  ])('with $what is refused by name, without what is in it', async ({ said, fault }) => {
    const refused: unknown = await reading(said).catch((cause: unknown) => cause);
    expect(String(refused)).toContain(fault);
    expect(inspect(refused, { depth: 9 })).not.toContain(portal.apiV3Key);
  });

  it('takes a new key while the gateway runs', async () => {
    await reading();
    const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
    const accounts = await Accounts.open(folder, readWechatAccount, logger);
    try {
      await writeFile(join(folder, 'taobao.apiv3.key'), '1'.repeat(32));
      await accounts.refresh();
      expect(accounts.named('taobao')?.apiV3Key.reveal()).toBe('1'.repeat(32));
    } finally {
      await accounts.stop();
    }
  });
});

describe('the environment', () => {
  it('is refused as a whole, every bad variable by name', () => {
    const env = {
      WECHAT_BASE_URL: 'nowhere',
      WECHAT_ACCOUNTS_DIR: '/no/such/folder',
      WECHAT_TIMEOUT_MS: '31000',
    };
    const read = () => readWechatConfig(env);
    for (const name of [...Object.keys(env), 'DATABASE_URL', 'KAFKA_BROKERS']) {
      expect(read).toThrow(name);
    }
    expect(read).not.toThrow('/no/such/folder');
  });
});
