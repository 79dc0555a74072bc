import type {
  CheckoutPayment,
  GatewayCommand,
  GatewayReport,
  PaymentOutcome,
  RoutingDecision,
} from './domain-event.js';
import type { Provider } from './method.js';
import type { BillAvailable } from './provider-bills/bill-available.js';

export const CHECKOUT_PAYMENTS = 'checkout.payments';
export const ROUTING_DECISIONS = 'routing.decisions';
export const GATEWAY_WECHAT = 'gateway.wechat';
export const GATEWAY_ALIPAY = 'gateway.alipay';
export const GATEWAY_UNIONPAY = 'gateway.unionpay';
export const GATEWAY_REPORTS = 'gateway.reports';
export const PAYMENT_OUTCOMES = 'payment.outcomes';
export const PROVIDER_BILLS = 'provider.bills';

/** Which events a topic carries. The key of every record is the payment id, of `provider.bills` provider and day. */
export type TopicEvents = {
  [CHECKOUT_PAYMENTS]: CheckoutPayment;
  [ROUTING_DECISIONS]: RoutingDecision;
  [GATEWAY_WECHAT]: GatewayCommand;
  [GATEWAY_ALIPAY]: GatewayCommand;
  [GATEWAY_UNIONPAY]: GatewayCommand;
  [GATEWAY_REPORTS]: GatewayReport;
  [PAYMENT_OUTCOMES]: PaymentOutcome;
  [PROVIDER_BILLS]: BillAvailable;
};

export type Topic = keyof TopicEvents;

/** The command topic of each gateway: one each, so that a stalled provider costs the others nothing. */
export const gatewayTopic = {
  wechat: GATEWAY_WECHAT,
  alipay: GATEWAY_ALIPAY,
  unionpay: GATEWAY_UNIONPAY,
} as const satisfies Record<Provider, Topic>;

/** The services of the ring. Each one's consumer group has its name. */
export const SERVICES = [
  'checkout',
  'routing',
  'wechat-gateway',
  'alipay-gateway',
  'unionpay-gateway',
  'ledger',
] as const;
export type Service = (typeof SERVICES)[number];

export const gatewayService = {
  wechat: 'wechat-gateway',
  alipay: 'alipay-gateway',
  unionpay: 'unionpay-gateway',
} as const satisfies Record<Provider, Service>;
