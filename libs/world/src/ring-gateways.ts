import { gatewayService, PROVIDERS, type Provider, type Service } from '@hutong/domain-events';
import type { WELL_KNOWN_PORTS } from './well-known-ports.js';

/** Where one provider's gateway is told something else than the others are. */
type RingGateway = Readonly<{
  /** Its provider's side of the sandbox. */
  side: keyof typeof WELL_KNOWN_PORTS;
  /** By which name it is told where its provider is, and what comes after host and port. */
  address: Readonly<{ name: string; path: string }>;
  /** What else it is told. @param at where it is reached itself. */
  besides?: (at: URL) => Readonly<Record<string, string>>;
}>;

/** Each provider at the sandbox, and its gateway: the one table that a further provider is added to. */
export const GATEWAYS: Readonly<Record<Provider, RingGateway>> = {
  wechat: {
    side: 'WeChat Pay at the sandbox',
    address: { name: 'WECHAT_BASE_URL', path: '/' },
  },
  alipay: {
    side: 'Alipay at the sandbox',
    address: { name: 'ALIPAY_GATEWAY_URL', path: '/gateway.do' },
  },
  unionpay: {
    side: 'UnionPay at the sandbox',
    address: { name: 'UNIONPAY_BASE_URL', path: '/' },
    besides: (at) => ({ PUBLIC_URL: at.href }), // payers' browsers come by
  },
};

/** The provider behind a gateway; of any other service there is none. */
export const providerOf = (service: Service): Provider | undefined =>
  PROVIDERS.find((provider) => gatewayService[provider] === service);
