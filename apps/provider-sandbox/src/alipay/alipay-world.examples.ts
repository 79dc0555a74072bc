import { eventually } from '@hutong/testing';
import { jsonAs } from '../merchant.examples.js';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type ControlAnswer, type World } from '../world.examples.js';
import { AlipayMerchant, aNumber } from './alipay-merchant.examples.js';
import type { OrderView } from './alipay-view.js';

export type Heard = Readonly<{ isAlipays: boolean; said: Readonly<Record<string, string>> }>;

/** A world with Alipay's merchant in it, and quick ways to its control API. */
export class AlipayWorld implements AsyncDisposable {
  private constructor(
    readonly world: World,
    readonly receiver: Receiver,
    readonly merchant: AlipayMerchant,
  ) {}

  static async start(): Promise<AlipayWorld> {
    await using opened = new AsyncDisposableStack();
    const world = opened.use(await startWorld());
    const receiver = opened.use(await startReceiver());
    receiver.answerWith(200);
    receiver.say('success');
    const merchant = await AlipayMerchant.of(world, 'taobao', receiver.url);
    opened.move();
    return new AlipayWorld(world, receiver, merchant);
  }

  control(path: string, body: object): Promise<ControlAnswer> {
    return this.world.control('POST', `/control/alipay/${path}`, body);
  }

  pay(body: object): Promise<ControlAnswer> {
    return this.control('pay', body);
  }

  /** A precreated order that is paid, by its number. */
  async paid(over: object = {}): Promise<string> {
    const outTradeNo = aNumber();
    const paid = await this.pay({ qrCode: await this.merchant.codeOf(outTradeNo, over) });
    if (paid.status !== 200) throw new Error(`not paid: ${JSON.stringify(paid.json)}`);
    return outTradeNo;
  }

  /** A precreated order that was scanned and waits. */
  async waiting(): Promise<string> {
    const outTradeNo = aNumber();
    await this.control('open', { qrCode: await this.merchant.codeOf(outTradeNo) });
    return outTradeNo;
  }

  /** What Alipay's books say of an order. */
  async order(outTradeNo: string): Promise<OrderView> {
    const path = `/control/alipay/orders?outTradeNo=${outTradeNo}`;
    const [order] = (await this.world.control('GET', path)).json as OrderView[];
    if (order === undefined) throw new Error('no such order in the books');
    return order;
  }

  async arm(call: string, fault: string, more: object = {}): Promise<void> {
    const armed = { provider: 'alipay', call, fault, ...more };
    const answer = await this.world.control('POST', '/control/faults', armed);
    if (answer.status !== 201) throw new Error(`not armed: ${JSON.stringify(answer.json)}`);
  }

  /** Everything that was told of an order. */
  heardOf(outTradeNo: string): readonly Heard[] {
    return this.receiver.heard
      .map(({ body }) => this.merchant.read(body))
      .filter(({ said }) => said['out_trade_no'] === outTradeNo);
  }

  heard(outTradeNo: string, count = 1): Promise<readonly Heard[]> {
    return eventually(
      () => {
        const notices = this.heardOf(outTradeNo);
        return notices.length >= count && notices;
      },
      { what: `${count} notices of ${outTradeNo}` },
    );
  }

  stateIs(outTradeNo: string, state: string): Promise<unknown> {
    return eventually(
      async () => (await this.order(outTradeNo)).notifications[0]?.state === state,
      { what: `the notification to be ${state}` },
    );
  }

  tried(outTradeNo: string, count: number): Promise<unknown> {
    return eventually(
      async () => (await this.order(outTradeNo)).notifications[0]?.tries.length === count,
      { what: `try ${count}` },
    );
  }

  advance(advanceMs: number): Promise<ControlAnswer> {
    return this.world.control('POST', '/control/clock', { advanceMs });
  }

  /** A code that a telephone shows. */
  async code(shown: object = {}): Promise<string> {
    const { json } = await this.control('codes', shown);
    return jsonAs<Readonly<{ authCode: string }>>(JSON.stringify(json)).authCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    await this.receiver[Symbol.asyncDispose]();
  }
}
