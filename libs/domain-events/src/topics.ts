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
export const GATEWAY_REPORTS = 'gateway.reports';
export const PAYMENT_OUTCOMES = 'payment.outcomes';
export const PROVIDER_BILLS = 'provider.bills';

/** The command topic of each gateway: one each, so that a stalled provider costs the others nothing. */
export const gatewayTopic = {
  wechat: 'gateway.wechat',
  alipay: 'gateway.alipay',
  unionpay: 'gateway.unionpay',
} as const satisfies { [P in Provider]: `gateway.${P}` };

export const GATEWAY_WECHAT = gatewayTopic.wechat;
export const GATEWAY_ALIPAY = gatewayTopic.alipay;
export const GATEWAY_UNIONPAY = gatewayTopic.unionpay;

/** Which events a topic carries. The key of every record is the payment id, of `provider.bills` provider and day. */
export type TopicEvents = {
  [CHECKOUT_PAYMENTS]: CheckoutPayment;
  [ROUTING_DECISIONS]: RoutingDecision;
  [GATEWAY_REPORTS]: GatewayReport;
  [PAYMENT_OUTCOMES]: PaymentOutcome;
  [PROVIDER_BILLS]: BillAvailable;
} & { [T in (typeof gatewayTopic)[Provider]]: GatewayCommand };

export type Topic = keyof TopicEvents;

export const gatewayService = {
  wechat: 'wechat-gateway',
  alipay: 'alipay-gateway',
  unionpay: 'unionpay-gateway',
} as const satisfies { [P in Provider]: `${P}-gateway` };

/** The services of the ring. Each one's consumer group has its name. */
export const SERVICES = [
  'checkout',
  'routing',
  ...Object.values(gatewayService),
  'ledger',
] as const satisfies readonly string[];
export type Service = (typeof SERVICES)[number];
