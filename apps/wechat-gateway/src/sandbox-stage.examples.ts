import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayWorld, type GatewayStage, type Notice } from '@hutong/gateway/conformance';
import { anAttemptRequested, eventually, freePorts } from '@hutong/testing';
import { Reaper, ServiceProcess } from '@hutong/world';
import { writeAccount, type Portal } from './account-files.examples.js';
import { wechatForgeries } from './forgeries.examples.js';
import { post, startTap } from './notice-tap.examples.js';
import { startWechat } from './wechat.module.js';

const root = join(import.meta.dirname, '../../..');
const APP = join(root, 'apps/provider-sandbox');
const LIFE_MS = 15 * 60_000;
const HELD_MS = 2_000;

/** Real time that can be put forward and back. */
class ShiftedClock {
  private shiftMs = 0;

  now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }

  advance(milliseconds: number): void {
    this.shiftMs += milliseconds;
  }
}

/** The gateway against the sandbox: a process that checks our signatures and signs its own. */
export async function startSandboxStage(): Promise<GatewayStage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-wechat-'));
  const reaper = opened.use(Reaper.start(folder));
  const [port = 0, wechatPort = 0, managementPort = 0, gatewayPort = 0] = await freePorts(4);
  const control = `http://127.0.0.1:${port}`;
  const sandbox = await startSandbox({ port, wechatPort, managementPort }, { folder, reaper });
  opened.defer(async () => void (await sandbox.stop()));
  const portal = await taobaoOf(control);

  const { account } = portal;
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}/notifications/${account}`;
  const tell = (notice: Notice) => post(gatewayUrl, notice);
  const tap = opened.use(await startTap(`/notifications/${account}`, tell));
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  await writeAccount(accountsDir, portal, { notifyUrl: tap.url });

  const clock = new ShiftedClock();
  const baseUrl = new URL(`http://127.0.0.1:${wechatPort}`);
  const api = { baseUrl, timeoutMs: 2 * HELD_MS };
  const world = opened.use(
    await GatewayWorld.start(
      {
        provider: 'wechat',
        clock,
        port: gatewayPort,
        start: (config, around) => startWechat({ ...config, api, accountsDir }, around),
      },
      'all',
    ),
  );
  const say = async (path: string, body: object): Promise<void> => {
    await asked(`${control}${path}`, body);
  };
  const arm = (call: string, fault: string, outTradeNo: string, delayMs?: number) =>
    say('/control/faults', {
      provider: 'wechat',
      call,
      fault,
      outTradeNo,
      ...(delayMs !== undefined && { delayMs }),
    });
  const closing = opened.move();
  return {
    world,
    clock,
    passTime: () => undefined,
    command: () => {
      const end = new Date(Date.now() + LIFE_MS);
      return anAttemptRequested({ expiresAt: end, notAfter: end });
    },
    orders: async (outTradeNo) => {
      const books = await asked(`${control}/control/wechat/orders?outTradeNo=${outTradeNo}`);
      return Array.isArray(books) ? books.length : NaN;
    },
    loseNextAnswer: (id) => arm('create', 'drop_answer', id),
    spoilNextAnswer: (id) => arm('create', 'bad_signature', id),
    holdNextAnswer: async (id) => {
      await arm('create', 'delay_answer', id, HELD_MS);
      return () => undefined; // it comes by itself
    },
    pay: async (outTradeNo, telling) => {
      tap.swallow(telling === 'untold');
      if (telling === 'other_amount') await arm('notify', 'wrong_amount', outTradeNo);
      await say('/control/wechat/pay', { outTradeNo });
    },
    expire: () => say('/control/clock', { advanceMs: LIFE_MS + 1_000 }),
    payLate: async (outTradeNo) => {
      tap.swallow(false);
      await say('/control/wechat/pay', { outTradeNo, late: true });
    },
    lastNotice: () => eventually(tap.last, { what: 'a notification' }),
    tell,
    forgeries: wechatForgeries,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** @throws Error with the end of its log if it does not come up. */
async function startSandbox(
  ports: Readonly<{ port: number; wechatPort: number; managementPort: number }>,
  { folder, reaper }: Readonly<{ folder: string; reaper: Reaper }>,
): Promise<ServiceProcess> {
  const main = join(APP, 'dist/main.js');
  if (!existsSync(main)) await build();
  const env = {
    HOST: '127.0.0.1',
    PORT: `${ports.port}`,
    WECHAT_PORT: `${ports.wechatPort}`,
    MANAGEMENT_PORT: `${ports.managementPort}`,
  };
  const readyUrl = new URL(`http://127.0.0.1:${ports.port}/credentials/wechat`);
  const spec = { name: 'provider-sandbox', main, env, readyUrl };
  const sandbox = ServiceProcess.start(spec, folder, reaper);
  await sandbox.ready();
  return sandbox;
}

async function build(): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const building = spawn(process.execPath, [tsc, '--build', join(APP, 'tsconfig.lib.json')], {
    stdio: 'ignore',
    timeout: 100_000,
  });
  await once(building, 'exit');
  if (building.exitCode !== 0) throw new Error('the sandbox cannot be built');
}

async function taobaoOf(control: string): Promise<Portal> {
  const all = (await asked(`${control}/credentials/wechat`)) as readonly Portal[];
  const taobao = all.find(({ platform }) => platform === 'taobao');
  if (taobao === undefined) throw new Error('the sandbox has no merchant for Taobao');
  return taobao;
}

/** Posts `body`, or gets. @throws Error if the sandbox refuses. */
async function asked(url: string, body?: object): Promise<unknown> {
  const answer = await fetch(url, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the sandbox refuses: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
