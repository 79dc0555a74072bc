import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsageError } from '@hutong/http';
import { createLogger } from '@hutong/telemetry';
import { FixedClock } from '@hutong/testing';
import { openDatabase } from '../store/database.repository.js';
import { migrated } from '../world.examples.js';
import { ApiKeys } from './api-keys.repository.js';
import { KEYS_USAGE, runKeysCommand } from './keys-command.adapter.js';
import { SCOPES } from './scopes.js';

const logger = createLogger({ service: 'checkout', level: 'silent' });
const NOW = '2026-11-26T08:00:00.000Z';

describe('the keys command', () => {
  const opened = new AsyncDisposableStack();
  const clock = new FixedClock(NOW);
  /** Two instances: what one does the other knows. */
  let here: ApiKeys;
  let there: ApiKeys;

  beforeAll(async () => {
    const { config } = opened.use(await migrated());
    here = new ApiKeys(opened.use(openDatabase(config, logger)), clock);
    there = new ApiKeys(opened.use(openDatabase(config, logger)), clock);
  }, 60_000);
  afterAll(() => opened.disposeAsync());

  const issue = async (...options: readonly string[]) => {
    const [key = ''] = await runKeysCommand(['issue', '--name', 'demo', ...options], here);
    return { key, keyId: key.split('_')[1] ?? '' };
  };

  it('issues keys that may do everything, or what is listed', async () => {
    const all = await issue('--platform', 'taobao');
    const some = await issue('--platform', 'taobao', '--scopes', 'webhooks:read,payments:read');
    expect(await there.find(all.key)).toEqual({
      keyId: all.keyId,
      platform: 'taobao',
      scopes: SCOPES,
    });
    expect((await there.find(some.key))?.scopes).toEqual(['webhooks:read', 'payments:read']);
  });

  it('issues keys that end: they open until then, and nothing from then on', async () => {
    const { key, keyId } = await issue(
      '--platform',
      'jd',
      '--expires',
      '2026-11-26T16:00:01+08:00',
    );
    clock.advance(999);
    expect([(await there.find(key))?.platform, await there.isStillGood(keyId)]).toEqual([
      'jd',
      true,
    ]);
    clock.advance(1);
    expect([await there.find(key), await there.isStillGood(keyId)]).toEqual([undefined, false]);
    const [line = ''] = await runKeysCommand(['list', '--platform', 'jd'], there);
    expect(line.split('\t')).toEqual([
      keyId,
      'jd',
      'demo',
      SCOPES.join(','),
      NOW,
      '2026-11-26T08:00:01.000Z',
      'expired',
    ]);
  });

  it('revokes keys: nobody is let in from then on, wherever they ask', async () => {
    const { key, keyId } = await issue('--platform', 'pinduoduo');
    expect(await there.find(key)).toBeDefined();
    expect(await runKeysCommand(['revoke', keyId], here)).toEqual([`revoked ${keyId}`]);
    expect([await there.find(key), await there.isStillGood(keyId)]).toEqual([undefined, false]);
    const [line] = await runKeysCommand(['list', '--platform', 'pinduoduo'], there);
    expect(line).toMatch(/\tnever\trevoked 2026-/);
  });

  it('lists the keys of one platform, or of all, and never a key', async () => {
    const { key, keyId } = await issue('--platform', 'wechat_mini_program');
    const secret = key.slice(`hk_${keyId}_`.length); // may itself hold an underscore
    expect(secret).toHaveLength(43);
    const own = await runKeysCommand(['list', '--platform', 'wechat_mini_program'], here);
    const all = await runKeysCommand(['list'], here);
    expect([own.length, all.length > own.length]).toEqual([1, true]);
    expect(all.join()).not.toContain(secret);
  });

  it('says how it is used', async () => {
    expect(await runKeysCommand(['--help'], here)).toEqual([KEYS_USAGE]);
  });

  it.each<[args: string, told: string]>([
    ['', 'keys issue'],
    ['destroy', 'keys issue'],
    ['issue', '--platform is a slug'],
    ['issue --platform Nope!', '--platform is a slug'],
    ['issue --platform jd', '--name is'],
    ['issue --platform jd --name demo --scopes all', '--scopes takes'],
    ['issue --platform jd --name demo --expires tomorrow', '--expires is'],
    ['issue --platform jd --name demo --expires 2026-02-30T00:00:00Z', '--expires is'],
    ['issue --platform jd --name demo --expires 2020-01-01T00:00:00Z', '--expires is'],
    ['issue --platform jd --nam demo', 'keys issue'],
    ['list --platform Nope!', '--platform is a slug'],
    ['list jd', 'keys issue'],
    ['revoke', 'no such key'],
    ['revoke 0000000000000000', 'no such key'],
    ['revoke one two', 'takes one key id'],
  ])('does not do `%s`: %s', async (args, told) => {
    const asked = runKeysCommand(args === '' ? [] : args.split(' '), here);
    await expect(asked).rejects.toThrow(told);
    await expect(asked).rejects.toBeInstanceOf(UsageError);
  });
});
