import { systemClock } from '@hutong/config';
import { createLogger, Metrics } from '@hutong/telemetry';
import type { OrderView } from './control/order-view.js';
import { jsonAs } from './merchant.examples.js';
import type { Stoppable } from './receiver.examples.js';
import { startSandbox } from './start-sandbox.adapter.js';
import type { WechatCredentials } from './wechat/wechat-accounts.adapter.js';

/** A sandbox of the spec's own, on free ports, with quick ways to its control API. */
export type World = Stoppable &
  Readonly<{
    controlUrl: string;
    wechatPort: number;
    alipayPort: number;
    unionpayPort: number;
    proxyPort: number;
    taobao: WechatCredentials;
    jd: WechatCredentials;
    control(method: string, path: string, body?: object): Promise<ControlAnswer>;
    /** What the sandbox's books say of an order. */
    order(outTradeNo: string): Promise<OrderView>;
    arm(call: string, fault: string, more?: object): Promise<void>;
  }>;

export type ControlAnswer = Readonly<{ status: number; json: unknown }>;

export async function startWorld(): Promise<World> {
  await using opened = new AsyncDisposableStack(); // what stays open would keep jest running
  const running = await startSandbox(
    {
      host: '127.0.0.1',
      port: 0,
      ports: 'free',
      proxyPort: 0,
      managementPort: 0,
      pagesUrl: undefined,
      logLevel: 'silent',
      controlExposed: false,
      platforms: ['taobao', 'jd'],
    },
    {
      clock: systemClock,
      logger: createLogger({ service: 'provider-sandbox', level: 'silent' }),
      metrics: new Metrics('provider-sandbox'),
    },
  );
  opened.defer(() => running.management.close());
  for (const [, stop] of running.stop.toReversed()) opened.defer(stop);
  const controlUrl = `http://127.0.0.1:${running.port}`;
  const control = async (method: string, path: string, body?: object): Promise<ControlAnswer> => {
    const answer = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : jsonAs<unknown>(text) };
  };
  const got = async (path: string) => (await fetch(`${controlUrl}${path}`)).text();
  const [taobao, jd] = jsonAs<WechatCredentials[]>(await got('/credentials/wechat'));
  if (taobao === undefined || jd === undefined) throw new Error('no credentials');
  const open = opened.move();
  return {
    controlUrl,
    wechatPort: running.portOf('wechat'),
    alipayPort: running.portOf('alipay'),
    unionpayPort: running.portOf('unionpay'),
    proxyPort: running.proxyPort,
    taobao,
    jd,
    control,
    order: async (outTradeNo) => {
      const found = await got(`/control/wechat/orders?outTradeNo=${outTradeNo}`);
      const [order] = jsonAs<OrderView[]>(found);
      if (order === undefined) throw new Error('no such order in the books');
      return order;
    },
    arm: async (call, fault, more) => {
      const armed = await control('POST', '/control/faults', {
        provider: 'wechat',
        call,
        fault,
        ...more,
      });
      if (armed.status !== 201) throw new Error(`not armed: ${JSON.stringify(armed.json)}`);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
