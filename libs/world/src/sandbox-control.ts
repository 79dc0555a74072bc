import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { call } from './call.js';
import { ProviderControl, type Totals } from './provider-control.js';

/** What a merchant agrees to, at either provider, for the other one's apps to pay there. */
const AGREEMENT = { alipay: 'takesUnionpay', unionpay: 'takesAlipay' } as const;

/** What is to go wrong with calls of a provider; by chance with a `share`, as a `seed` decides. */
export type WorldFault = Readonly<{
  provider: Provider;
  call: string;
  fault: string;
  times?: number;
  delayMs?: number;
  code?: string;
  share?: number;
  seed?: number;
  outTradeNo?: string;
}>;

/** A fault that has not struck as often as it may. */
export type WaitingFault = Readonly<{
  provider: Provider;
  call: string;
  fault: string;
  /** How often it still strikes; of chances, of a million. */
  times: number;
  delayMs: number;
  outTradeNo?: string;
  odds?: Readonly<{ share: number; seed: number }>;
}>;

/** The providers' world: what can be made to happen in it, and what its own books say. */
export class SandboxControl {
  constructor(private readonly sandbox: URL) {}

  /** One provider's part of it. */
  at<P extends Provider>(provider: P): ProviderControl<P> {
    return new ProviderControl(this.sandbox, provider);
  }

  /** @param scale how many times as fast the gaps between notifications and between refunds pass. */
  async hurry(scale: number): Promise<void> {
    await this.post('/control/clock', { scale });
  }

  /** Everything that waits becomes so much older: orders, codes, notifications. */
  async advance(milliseconds: number): Promise<void> {
    await this.post('/control/clock', { advanceMs: milliseconds });
  }

  /** Lets calls go wrong. @throws Refused 422 for a fault that its call does not know. */
  async arm(fault: WorldFault): Promise<void> {
    await this.post('/control/faults', fault);
  }

  /** Those that have not struck yet, or not as often as they may. */
  waiting(): Promise<readonly WaitingFault[]> {
    return call(this.sandbox, { method: 'GET', path: '/control/faults' });
  }

  /** No fault strikes any more that has not struck yet. */
  async disarm(): Promise<void> {
    await call(this.sandbox, { method: 'DELETE', path: '/control/faults' });
  }

  /** A merchant lets the other provider's apps pay what it asks for at `provider`, or no longer does. */
  async agreeAcross(
    provider: keyof typeof AGREEMENT,
    account: string,
    takesOthers = true,
  ): Promise<void> {
    await this.post(`/control/${provider}/interoperability`, {
      account,
      [AGREEMENT[provider]]: takesOthers,
    });
  }

  /** Of all merchants, at every provider. */
  async totals(): Promise<readonly Totals[]> {
    const all = await Promise.all(PROVIDERS.map((provider) => this.at(provider).totals()));
    return all.flat();
  }

  private async post(path: string, body: object): Promise<void> {
    await call(this.sandbox, { method: 'POST', path, body });
  }
}
