import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '@hutong/testing';
import { ServiceProcess, type Reaper } from '@hutong/world';
import type { Portal } from './account-files.examples.js';

export const root = join(import.meta.dirname, '../../..');
const APP = join(root, 'apps/provider-sandbox');
/** Written last: while somebody builds, `main.js` is there before what it imports. */
const BUILT = 'dist/tsconfig.lib.tsbuildinfo';

export type Armed = Readonly<{
  call: string;
  fault: string;
  outTradeNo?: string;
  delayMs?: number;
}>;

/** The provider sandbox as a process, with quick ways to its control API. */
export class SandboxProcess implements AsyncDisposable {
  private constructor(
    private readonly process: ServiceProcess,
    private readonly control: string,
    /** WeChat's API. */
    readonly wechatUrl: URL,
    /** The merchant that takes Taobao's money. */
    readonly portal: Portal,
  ) {}

  /** @throws Error with the end of its log if it does not come up. */
  static async start(folder: string, reaper: Reaper): Promise<SandboxProcess> {
    const main = join(APP, 'dist/main.js');
    if (!existsSync(join(APP, BUILT))) await build();
    const [port = 0, wechatPort = 0, alipayPort = 0, ...more] = await freePorts(6);
    const [unionpayPort = 0, proxyPort = 0, managementPort = 0] = more;
    const control = `http://127.0.0.1:${port}`;
    const spec = {
      name: 'provider-sandbox',
      main,
      // Not the control API, which answers before the providers' ports are open.
      readyUrl: new URL(`http://127.0.0.1:${managementPort}/health/ready`),
      env: {
        HOST: '127.0.0.1',
        PORT: `${port}`,
        WECHAT_PORT: `${wechatPort}`,
        ALIPAY_PORT: `${alipayPort}`,
        UNIONPAY_PORT: `${unionpayPort}`,
        PROXY_PORT: `${proxyPort}`,
        MANAGEMENT_PORT: `${managementPort}`,
      },
    };
    const sandbox = ServiceProcess.start(spec, folder, reaper);
    await sandbox.ready();
    const wechatUrl = new URL(`http://127.0.0.1:${wechatPort}`);
    return new SandboxProcess(sandbox, control, wechatUrl, await taobaoOf(control));
  }

  async say(path: string, body: object): Promise<void> {
    await asked(`${this.control}${path}`, body);
  }

  /** A fault that strikes the next such call of this order. */
  arm(armed: Armed): Promise<void> {
    return this.say('/control/faults', { provider: 'wechat', ...armed });
  }

  /** How many orders its books have under this number. */
  async orders(outTradeNo: string): Promise<number> {
    const url = `${this.control}/control/wechat/orders?outTradeNo=${outTradeNo}`;
    const books = await asked(url);
    return Array.isArray(books) ? books.length : NaN;
  }

  /** How many refunds of an order its books have under this number. */
  async refunds(outTradeNo: string, outRefundNo: string): Promise<number> {
    const url = `${this.control}/control/wechat/orders?outTradeNo=${outTradeNo}`;
    const books = (await asked(url)) as readonly Readonly<{
      refunds: readonly Readonly<{ outRefundNo: string }>[];
    }>[];
    return books.flatMap(({ refunds }) => refunds).filter((r) => r.outRefundNo === outRefundNo)
      .length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop();
  }
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
