import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Action, Method } from '@hutong/domain-events';
import type { Prepared, SealedFields } from '@hutong/gateway';
import { anAttemptRequested, WECHAT_QR } from '@hutong/testing';
import { Reaper } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import { clientsOf } from './clients.examples.js';
import { startSandbox, type WechatSandbox } from './sandbox-process.examples.js';
import { readWechatAccount } from './wechat.account.config.js';
import type { WechatPresentation } from './wechat.mapping.js';
import { OPENID } from './sealing-keys.examples.js';

const notifyUrl = 'http://127.0.0.1:9/notifications/taobao';
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

describe('on the sandbox', () => {
  let folder: string;
  let reaper: Reaper;
  let sandbox: WechatSandbox;
  let shiftMs = 0;
  const clock = { now: () => new Date(Date.now() + shiftMs) };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-presentations-'));
    reaper = Reaper.start(folder);
    sandbox = await startSandbox(folder, reaper);
  }, 120_000);
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await reaper[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  const clients = async (platformKeys?: object) => {
    await writeAccount(folder, sandbox.portal, {
      notifyUrl,
      ...(platformKeys && { platformKeys }),
    });
    const file = join(folder, `${sandbox.portal.account}.json`);
    const account = readWechatAccount(JSON.parse(await readFile(file, 'utf8')), folder);
    return clientsOf({ baseUrl: sandbox.url, timeoutMs: 5_000 }, clock, account);
  };
  type Clients = Awaited<ReturnType<typeof clients>>;
  const order = ({ adapter }: Clients, presentation: Method['presentation'] = 'qr'): Prepared => {
    const attempt = {
      ...anAttemptRequested({
        method: { ...WECHAT_QR, presentation },
        expiresAt: inMinutes(15),
        returnUrl: 'https://shop.example/done',
      }),
      account: sandbox.portal.account,
    };
    const payer: SealedFields = { openid: OPENID, clientIp: '203.0.113.7' };
    const made = adapter.prepare(attempt, clock.now(), payer);
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };
  const shown = async (world: Clients, prepared: Prepared): Promise<Action> => {
    const report = await world.adapter.submit(prepared);
    if (report.kind !== 'awaiting_payer') throw new Error(JSON.stringify(report));
    return report.action;
  };
  /** As a payer would, with nothing but what was shown. */
  const pay = (action: Action): Promise<void> => {
    switch (action.type) {
      case 'qr':
        return sandbox.say('/control/wechat/pay', { codeUrl: action.content });
      case 'redirect':
        return sandbox.say('/control/wechat/pay', { h5Url: action.url });
      case 'app':
        return sandbox.say('/control/wechat/pay', { parameters: action.parameters });
      case 'mini_program':
        return sandbox.say('/control/wechat/pay', {
          parameters: action.parameters,
          openid: OPENID,
        });
      case 'wait':
        throw new Error('WeChat v3 takes no codes of payers');
    }
  };

  it.each<Readonly<{ presentation: WechatPresentation }>>([
    { presentation: 'qr' },
    { presentation: 'redirect' },
    { presentation: 'app' },
    { presentation: 'mini_program' },
  ])('what is shown for $presentation is what can be paid with', async ({ presentation }) => {
    const world = await clients();
    const prepared = order(world, presentation);
    const action = await shown(world, prepared);
    expect(action.type).toBe(presentation);
    expect(await world.adapter.query(prepared)).toEqual({ kind: 'awaiting_payer' });
    await pay(action);
    expect(await world.adapter.query(prepared)).toMatchObject({
      kind: 'succeeded',
      amount: { minor: 12_800n, currency: 'CNY' },
    });
  });

  it('closing is done once, however often it is asked for, and never of what was paid', async () => {
    const world = await clients();
    const open = order(world);
    await shown(world, open);
    expect([await world.adapter.close(open), await world.adapter.close(open)]).toEqual([
      { kind: 'closed' },
      { kind: 'closed' },
    ]);
    expect(await world.adapter.query(open)).toEqual({ kind: 'closed', reason: 'expired' });
    const paid = order(world);
    await pay(await shown(world, paid));
    expect(await world.adapter.close(paid)).toMatchObject({ kind: 'settled' });
    expect(await world.adapter.close(order(world))).toMatchObject({ kind: 'settled' });
  });

  describe('a merchant with platform certificates', () => {
    it('downloads them before the first answer, and again once nobody knows the key', async () => {
      const world = await clients({ mode: 'certificates' });
      const prepared = order(world);
      expect((await shown(world, prepared)).type).toBe('qr');
      // Twice, so that nothing that was downloaded is in use any more.
      await sandbox.say('/control/wechat/certificates/rotate', {});
      await sandbox.say('/control/wechat/certificates/rotate', {});
      shiftMs = 6_000; // nobody makes us download at every forgery
      expect(await world.adapter.query(prepared)).toEqual({ kind: 'awaiting_payer' });
      shiftMs = 0;
    });
  });
});
