import type { Instrument, Method, Presentation, Provider } from '@hutong/domain-events';

/** What one provider takes through the interface that its gateway speaks. */
type Acceptance = Readonly<{
  presentations: readonly Presentation[];
  takes: (instrument: Instrument) => boolean;
}>;

const isUnionPay = (instrument: Instrument): boolean =>
  instrument === 'cloud_quickpass' || instrument.startsWith('bank_app:');
const isMutual = (instrument: Instrument): boolean =>
  instrument === 'alipay' || isUnionPay(instrument);

/**
 * UnionPay and Alipay take each other's apps since 2021; WeChat takes its own. WeChat's API v3 reads no
 * codes in stores; Alipay's V2 starts no mini program. A link is opened by any of a provider's ways.
 */
const acceptances: Readonly<Record<Provider, Acceptance>> = {
  wechat: {
    presentations: ['qr', 'link', 'redirect', 'app', 'mini_program'],
    takes: (instrument) => instrument === 'wechat_pay',
  },
  alipay: { presentations: ['qr', 'link', 'redirect', 'app', 'barcode'], takes: isMutual },
  unionpay: {
    presentations: ['qr', 'link', 'redirect', 'app', 'mini_program', 'barcode'],
    takes: isMutual,
  },
};

/** Why no gateway could ever pay by this method, for whoever writes a policy; undefined if one can. */
export function impossible({ provider, instrument, presentation }: Method): string | undefined {
  const { presentations, takes } = acceptances[provider];
  if (!takes(instrument)) return `an app that ${provider} takes, not ${instrument}`;
  if (!presentations.includes(presentation)) {
    return `a way to pay that ${provider} has: ${presentations.join(', ')}`;
  }
  return undefined;
}
