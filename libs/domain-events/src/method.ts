import { ok, refuse, type Result } from '@hutong/result';

/** Who takes the money for us. Closed: one provider = one gateway app. */
export const PROVIDERS = ['wechat', 'alipay', 'unionpay'] as const;
/** Who takes the money: one gateway each. */
export type Provider = (typeof PROVIDERS)[number];

const OWN_APPS = ['wechat_pay', 'alipay', 'cloud_quickpass'] as const;

/** Whose app the payer pays with. A bank's app names its bank: `bank_app:0105`. */
export type Instrument = (typeof OWN_APPS)[number] | `bank_app:${string}`;

/** How the payer gets to pay. `link` lets somebody else pay; `barcode` is read in a store. */
export const PRESENTATIONS = ['qr', 'link', 'redirect', 'app', 'mini_program', 'barcode'] as const;
/** How the payer gets to pay. */
export type Presentation = (typeof PRESENTATIONS)[number];

/** One way to pay: provider + instrument + presentation, written `wechat/wechat_pay/qr`. */
export type Method = Readonly<{
  provider: Provider;
  instrument: Instrument;
  presentation: Presentation;
}>;

export type MethodRefusal = Readonly<{ code: 'method_malformed' }>;

export const isProvider = (text: string): text is Provider => PROVIDERS.some((p) => p === text);

export const isPresentation = (text: string): text is Presentation =>
  PRESENTATIONS.some((p) => p === text);

const either = (texts: readonly string[]): string => `(?:${texts.join('|')})`;
const instrument = either([...OWN_APPS, 'bank_app:[0-9A-Za-z]{1,16}']);

/** What an instrument is written like. */
export const instrumentPattern = new RegExp(`^${instrument}$`);

/** What a method is written like: `parseMethod` takes this and nothing else. */
export const methodPattern = new RegExp(
  `^${either(PROVIDERS)}/${instrument}/${either(PRESENTATIONS)}$`,
);

export const isInstrument = (text: string): text is Instrument => instrumentPattern.test(text);

/** `unionpay/bank_app:0105/app`: the one written form, in the API, events, policies and logs. */
export const methodText = (m: Method): string => `${m.provider}/${m.instrument}/${m.presentation}`;

export function parseMethod(text: string): Result<Method, MethodRefusal> {
  const [provider = '', instrument = '', presentation = '', ...rest] = text.split('/');
  return rest.length === 0 &&
    isProvider(provider) &&
    isInstrument(instrument) &&
    isPresentation(presentation)
    ? ok({ provider, instrument, presentation })
    : refuse({ code: 'method_malformed' });
}

export const sameMethod = (a: Method, b: Method): boolean => methodText(a) === methodText(b);
