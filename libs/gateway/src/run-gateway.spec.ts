import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { merchantId } from '@hutong/domain-events';
import { UsageError } from '@hutong/http';
import { TAOBAO } from '@hutong/testing';
import type { Account } from './accounts.js';
import { perform, type GatewayProgram } from './run-gateway.js';

/** A gateway that is never configured, and whose accounts are as good as the number in their files. */
const program: GatewayProgram<never> = {
  provider: 'wechat',
  readConfig: ({ ROLE }) => {
    throw new Error(`ROLE is ${ROLE}`);
  },
  readAccount: (json) => accountOf(json as Readonly<{ account: string; merchants: number }>),
  start: (config) => config,
};

function accountOf({ account, merchants }: Readonly<{ account: string; merchants: number }>) {
  if (merchants < 0) throw new Error('bad merchants');
  return {
    account,
    platform: TAOBAO,
    merchants: Array.from({ length: merchants }, (_, i) => merchantId(`m-${i}`)),
    requestsPerSecond: 1,
    concurrency: 1,
    refundGapMs: 0,
  } satisfies Account;
}

async function said(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  await perform(program, { args, env: { ROLE: 'none' }, print: (text) => printed.push(text) });
  return printed.join('');
}

describe("a gateway's process", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-accounts-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = (account: string, merchants: number) =>
    writeFile(join(folder, `${account}.json`), JSON.stringify({ account, merchants }));

  it('says whom each account serves, once all of them are good', async () => {
    await write('taobao', 0);
    await write('tea', 2);
    expect((await said('check-accounts', folder)).split('\n').toSorted()).toEqual([
      '',
      'taobao: good, for all other merchants of taobao',
      'tea: good, for 2 merchants of taobao',
    ]);
    await write('tea', -1);
    await expect(said('check-accounts', folder)).rejects.toThrow('tea.json: bad merchants');
  });

  it('serves by its own configuration where nothing else is asked for', async () => {
    await expect(said()).rejects.toThrow('ROLE is none');
  });

  it('migrates by what a database needs alone', async () => {
    await expect(said('migrate')).rejects.toThrow('DATABASE_URL is missing');
  });

  it.each([[['check-accounts']], [['start']]])('cannot be asked for %j', async (args) => {
    await expect(said(...args)).rejects.toBeInstanceOf(UsageError);
  });

  it('says how it is used', async () => {
    expect(await said('--help')).toContain('check-accounts DIR');
  });
});
