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
  times?: number;
  code?: string;
}>;

/** What the sandbox hands out of a merchant: both kinds of keys. */
export type Credentials = Portal &
  Readonly<{
    appCertificatePem: string;
    alipayCertificatePem: string;
    alipayRootCertificatesPem: string;
    alipayCertSn: string;
    aesKey: string;
  }>;

/** The provider sandbox as a process, with quick ways to its control API. */
export class SandboxProcess implements AsyncDisposable {
  private constructor(
    private readonly process: ServiceProcess,
    private readonly control: string,
    /** Alipay's gateway. */
    readonly gateway: URL,
    /** The merchant that takes Taobao's money. */
    readonly portal: Credentials,
  ) {}

  /** @throws Error with the end of its log if it does not come up. */
  static async start(folder: string, reaper: Reaper): Promise<SandboxProcess> {
    const main = join(APP, 'dist/main.js');
    if (!existsSync(join(APP, BUILT))) await build();
    const [port = 0, wechat = 0, alipay = 0, unionpay = 0, proxy = 0, management = 0] =
      await freePorts(6);
    const control = `http://127.0.0.1:${port}`;
    const spec = {
      name: 'provider-sandbox',
      main,
      // Not the control API, which answers before the providers' ports are open.
      readyUrl: new URL(`http://127.0.0.1:${management}/health/ready`),
      env: {
        HOST: '127.0.0.1',
        PORT: `${port}`,
        WECHAT_PORT: `${wechat}`,
        ALIPAY_PORT: `${alipay}`,
        UNIONPAY_PORT: `${unionpay}`,
        PROXY_PORT: `${proxy}`,
        MANAGEMENT_PORT: `${management}`,
      },
    };
    const sandbox = ServiceProcess.start(spec, folder, reaper);
    await sandbox.ready();
    const gateway = new URL(`http://127.0.0.1:${alipay}/gateway.do`);
    return new SandboxProcess(sandbox, control, gateway, await taobaoOf(control));
  }

  /** What a call of the control API answers. @throws Error if it is refused. */
  say(path: string, body: object): Promise<unknown> {
    return asked(`${this.control}${path}`, body);
  }

  /** A fault that strikes the next such calls. */
  async arm(armed: Armed): Promise<void> {
    await this.say('/control/faults', { provider: 'alipay', ...armed });
  }

  /** How many orders its books have under this number. */
  async orders(outTradeNo: string): Promise<number> {
    const books = await asked(`${this.control}/control/alipay/orders?outTradeNo=${outTradeNo}`);
    return Array.isArray(books) ? books.length : NaN;
  }

  /** How many refunds its books have under this number. */
  async refunds(outRequestNo: string): Promise<number> {
    const url = `${this.control}/control/alipay/refunds`;
    const books = (await asked(url)) as readonly Readonly<{ outRequestNo: string }>[];
    return books.filter((refund) => refund.outRequestNo === outRequestNo).length;
  }

  /** A payer's app shows a code, for a minute. */
  async showCode(said: Readonly<{ wallet?: string; then?: string; code?: string }>) {
    const shown = (await this.say('/control/alipay/codes', said)) as Readonly<{ authCode: string }>;
    return shown.authCode;
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

async function taobaoOf(control: string): Promise<Credentials> {
  const all = (await asked(`${control}/credentials/alipay`)) as readonly Credentials[];
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
