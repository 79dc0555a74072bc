import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { merchantId, platformId } from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import { Accounts, type Account } from './accounts.js';

type KeyedAccount = Account & Readonly<{ key: string }>;

const taobao = platformId('taobao');
const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });

/** Reads what `write` writes. */
const read = (json: unknown): KeyedAccount => {
  if (typeof json !== 'object' || json === null || !('key' in json)) throw new Error('bad key');
  return {
    platform: taobao,
    merchants: [],
    requestsPerSecond: 1,
    concurrency: 1,
    refundGapMs: 0,
    account: '',
    ...json,
    key: String(json.key),
  };
};

describe('the accounts of a folder', () => {
  let folder: string;
  const opened: Accounts<KeyedAccount>[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-accounts-'));
  });
  afterEach(async () => {
    for (const accounts of opened.splice(0)) await accounts.stop();
    await rm(folder, { recursive: true });
  });

  const write = (account: string, more: object = {}) =>
    writeFile(join(folder, `${account}.json`), JSON.stringify({ account, key: 'k1', ...more }));
  const open = async () => {
    const accounts = await Accounts.open(folder, read, logger);
    opened.push(accounts);
    return accounts;
  };

  it('serve a merchant by its own account, and else by its platform’s', async () => {
    await write('shared');
    await write('own', { merchants: ['m-1'] });
    await write('jd', { platform: 'jd' });
    const accounts = await open();
    expect(accounts.choose(taobao, merchantId('m-1'))?.account).toBe('own');
    expect(accounts.choose(taobao, merchantId('m-2'))?.account).toBe('shared');
    expect(accounts.choose(platformId('jd'), merchantId('m-1'))?.account).toBe('jd');
    expect(accounts.choose(platformId('pinduoduo'), merchantId('m-1'))).toBeUndefined();
  });

  it('are all good, or the gateway does not start: every bad file is named', async () => {
    await write('good');
    await writeFile(join(folder, 'torn.json'), '{"account":');
    await writeFile(join(folder, 'empty.json'), '{}');
    await writeFile(join(folder, 'other.json'), JSON.stringify({ account: 'name', key: 'k' }));
    await write('second');
    const fault = await open().then(
      () => '',
      (cause: unknown) => String(cause),
    );
    for (const said of [
      'torn.json: is not JSON',
      'empty.json: bad key',
      'other.json: account is not the name of its file',
      'second.json: serves whom good serves',
    ]) {
      expect(fault).toContain(said);
    }
  });

  it('change with their files, without a restart', async () => {
    await write('shared');
    const accounts = await open();
    await write('shared', { key: 'k2' });
    await write('own', { merchants: ['m-1'] });
    await accounts.refresh();
    expect(accounts.named('shared')?.key).toBe('k2');
    expect(accounts.choose(taobao, merchantId('m-1'))?.account).toBe('own');
  });

  it('stay as they were where a file cannot be read', async () => {
    await write('shared');
    const accounts = await open();
    await writeFile(join(folder, 'shared.json'), '{"account":');
    await accounts.refresh();
    expect(accounts.choose(taobao, merchantId('m-1'))?.key).toBe('k1');
  });

  it('get no new attempts once their file is gone, and keep their old ones', async () => {
    await write('shared');
    await write('own', { merchants: ['m-1'] });
    const accounts = await open();
    await rm(join(folder, 'own.json'));
    await accounts.refresh();
    expect(accounts.choose(taobao, merchantId('m-1'))?.account).toBe('shared');
    expect(accounts.named('own')?.key).toBe('k1');
    expect(accounts.everKnown().map(({ account }) => account)).toEqual(['own', 'shared']);
  });

  it('are looked at once for any number of forged keys', async () => {
    await write('shared');
    const accounts = await open();
    await accounts.refresh();
    await write('shared', { key: 'k2' });
    await accounts.refresh();
    expect(accounts.named('shared')?.key).toBe('k1');
  });
});
