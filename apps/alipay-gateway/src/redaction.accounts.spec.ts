import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Accounts } from '@hutong/gateway';
import { createLogger } from '@hutong/telemetry';
import { writeAccount } from './account-files.examples.js';
import { readAlipayAccount } from './alipay.account.config.js';
import { ALL, contentKey, canariesIn, privateKeyPem } from './canaries.examples.js';
import { recorded } from './recorded.examples.js';

describe('what an account file of Alipay holds and nobody may read again', () => {
  const log = new PassThrough().setEncoding('utf8');
  const logger = createLogger({ service: 'alipay-gateway', level: 'trace', destination: log });
  let logged = '';
  let folder: string;
  let good: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    log.on('data', (text: string) => (logged += text));
    folder = await mkdtemp(join(tmpdir(), 'hutong-redaction-'));
    const portal = { ...recorded.portal, appPrivateKeyPem: privateKeyPem };
    await writeFile(join(folder, 'content.key'), contentKey);
    await writeAccount(folder, portal, {
      notifyUrl: 'https://pay.example/notifications/taobao',
      contentKeyFile: 'content.key',
    });
    const text = await readFile(join(folder, 'taobao.json'), 'utf8');
    good = JSON.parse(text) as Record<string, unknown>;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is in no complaint about it, wherever in it it stands', async () => {
    expect(() => readAlipayAccount(good, folder)).not.toThrow();
    const certificates = {
      mode: 'certificates',
      appCertificateFile: 'astray',
      rootCertificatesFile: 'astray',
      certificateFiles: ['astray'],
    };
    for (const [what, canary] of ALL) {
      await writeFile(join(folder, 'astray'), `x${canary}`);
      const spoilt = [
        ...Object.keys(good).map((field) => ({ ...good, [field]: canary })),
        ...Object.keys(good).map((field) => ({ ...good, [field]: { [canary]: canary } })),
        { ...good, [canary]: canary },
        { ...good, privateKeyFile: 'astray' },
        { ...good, contentKeyFile: 'astray' },
        { ...good, alipayKeys: { mode: 'public_key', publicKeyFiles: ['astray'] } },
        { ...good, alipayKeys: { mode: 'public_key', publicKeyFiles: [canary] } },
        { ...good, alipayKeys: certificates },
        { ...good, alipayKeys: { ...certificates, appCertificateFile: canary } },
      ];
      for (const json of spoilt) {
        const said = complaint(() => readAlipayAccount(json, folder));
        expect([what, ...canariesIn(said)]).toEqual([what]);
      }
    }
  });

  it('is in no line about one that cannot be read again', async () => {
    const accounts = await Accounts.open(folder, readAlipayAccount, logger);
    try {
      for (const [i, [, canary]] of ALL.entries()) {
        const json = JSON.stringify({ ...good, account: `spoilt_${i}`, sellerId: canary });
        await writeFile(join(folder, `spoilt_${i}.json`), json);
        await writeFile(join(folder, `torn_${i}.json`), `{"contentKey": ${canary}`);
      }
      await accounts.refresh();
    } finally {
      await accounts.stop();
    }
    expect(logged.split('account cannot be read again').length).toBeGreaterThan(2 * ALL.length);
    expect(canariesIn(logged)).toEqual([]);
  });
});

function complaint(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (thrown) {
    return inspect(thrown);
  }
}
