import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reaper } from './reaper.js';
import type { RingPorts } from './ring-ports.js';
import { SandboxControl } from './sandbox-control.js';
import { parseAccounts, writeWechatAccounts } from './ring-secrets.js';
import { files, mainOf } from './ring-services.js';
import { ServiceProcess, type UnexpectedEnd } from './service-process.js';

export type Sandbox = Readonly<{
  /** Control API and payer page. */
  url: URL;
  wechatUrl: URL;
}>;

/** Starts the sandbox and gives the gateway the accounts that it has there. */
export async function startSandbox(o: {
  root: string;
  folder: string;
  reaper: Reaper;
  ports: RingPorts;
  /** Where the gateway will listen: the provider notifies one address. */
  gatewayPort: number;
  /** In a hurry: a minute of the provider's lasts half a second. */
  story: boolean;
  /** Told if it ends unasked once it was ready. */
  ended?: ((end: UnexpectedEnd) => void) | undefined;
}): Promise<Sandbox> {
  const { http, management } = await o.ports.pair('provider-sandbox');
  const wechat = await o.ports.one('WeChat Pay at the sandbox');
  const alipay = await o.ports.one('Alipay at the sandbox');
  const unionpay = await o.ports.one('UnionPay at the sandbox');
  const proxy = await o.ports.one("the sandbox's proxy");
  const url = at(http);
  const sandbox = ServiceProcess.start(
    {
      name: 'provider-sandbox',
      main: mainOf(o.root, 'provider-sandbox'),
      readyUrl: new URL('/health/ready', at(management)),
      env: {
        HOST: '127.0.0.1',
        PORT: `${http}`,
        WECHAT_PORT: `${wechat}`,
        ALIPAY_PORT: `${alipay}`,
        UNIONPAY_PORT: `${unionpay}`,
        PROXY_PORT: `${proxy}`,
        MANAGEMENT_PORT: `${management}`,
      },
    },
    o.folder,
    o.reaper,
  );
  await sandbox.ready();
  if (o.ended !== undefined) sandbox.onUnexpectedEnd(o.ended);
  const answer = await fetch(new URL('/credentials/wechat', url), {
    signal: AbortSignal.timeout(10_000),
  });
  const accounts = join(o.folder, files.wechatAccounts);
  await mkdir(accounts);
  await writeWechatAccounts(accounts, parseAccounts(await answer.json()), {
    gatewayPort: o.gatewayPort,
    refundGapSeconds: o.story ? 1 : 60,
  });
  if (o.story) await new SandboxControl(url).hurry(120);
  return { url, wechatUrl: at(wechat) };
}

const at = (port: number): URL => new URL(`http://127.0.0.1:${port}`);
