import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { freePorts } from '@hutong/testing';
import { call } from './call.js';
import { NUMBER } from './provider-control.js';
import type { Reaper } from './reaper.js';
import { atPort, sandboxSpec } from './sandbox-spec.js';
import { ServiceProcess } from './service-process.js';

/** What the sandbox hands out of every merchant; the rest is its provider's. */
type Handed = Readonly<{ account: string; platform: string }>;

/** What goes wrong with the next calls that it fits. */
export type Armed = Readonly<{
  call: string;
  fault: string;
  outTradeNo?: string;
  delayMs?: number;
  times?: number;
  code?: string;
}>;

export type SandboxOptions = Readonly<{
  /** The repository's folder; the sandbox is built there if it is not yet. */
  root: string;
  /** Its log is put there. */
  folder: string;
  reaper: Reaper;
}>;

/** Written last: while somebody builds, `main.js` is there before what it imports. */
const BUILT = 'dist/tsconfig.lib.tsbuildinfo';

/** One provider's side of a sandbox of its own, with quick ways to its control API. */
export class ProviderSandbox<Portal extends Handed> implements AsyncDisposable {
  private constructor(
    private readonly provider: Provider,
    private readonly process: ServiceProcess,
    private readonly control: URL,
    /** The provider's API. */
    readonly url: URL,
    /** What the merchant that takes Taobao's money finds at its provider's. */
    readonly portal: Portal,
  ) {}

  /** @throws Error with the end of its log if it does not come up. */
  static async start<Portal extends Handed>(
    provider: Provider,
    { root, folder, reaper }: SandboxOptions,
  ): Promise<ProviderSandbox<Portal>> {
    await build(join(root, 'apps/provider-sandbox'), root);
    const [http = 0, management = 0, proxy = 0, ...ports] = await freePorts(3 + PROVIDERS.length);
    const sides = new Map(PROVIDERS.map((name, i) => [name, ports[i] ?? 0]));
    const spec = sandboxSpec(root, { http, management, proxy, sides });
    const sandbox = ServiceProcess.start(spec, folder, reaper);
    await sandbox.ready();
    const control = atPort(http);
    const path = `/credentials/${provider}`;
    const all = await call<readonly Portal[]>(control, { method: 'GET', path });
    const taobao = all.find(({ platform }) => platform === 'taobao');
    if (taobao === undefined) throw new Error('the sandbox has no merchant for Taobao');
    const url = atPort(sides.get(provider) ?? 0);
    return new ProviderSandbox(provider, sandbox, control, url, taobao);
  }

  /** What a call of the control API answers. @throws Refused if it is not 2xx. */
  say<Answer = unknown>(path: string, body: object): Promise<Answer> {
    return call<Answer>(this.control, { method: 'POST', path, body });
  }

  /** A fault that strikes the next such calls. */
  async arm(armed: Armed): Promise<void> {
    await this.say('/control/faults', { provider: this.provider, ...armed });
  }

  /** A page of the provider's own books: `refunds`, `orders?…`. */
  books<Entry>(page: string): Promise<readonly Entry[]> {
    return call(this.control, { method: 'GET', path: `/control/${this.provider}/${page}` });
  }

  /** How many orders its books have under this number. */
  async orders(number: string): Promise<number> {
    return (await this.books(`orders?${NUMBER[this.provider]}=${number}`)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop();
  }
}

/** Nothing, where it is built already. */
async function build(app: string, root: string): Promise<void> {
  if (existsSync(join(app, BUILT))) return;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const building = spawn(process.execPath, [tsc, '--build', join(app, 'tsconfig.lib.json')], {
    stdio: 'ignore',
    timeout: 100_000,
  });
  await once(building, 'exit');
  if (building.exitCode !== 0) throw new Error('the sandbox cannot be built');
}
