import type { Provider } from '@hutong/domain-events';

/** One merchant account as the sandbox hands it out: what a provider's portal would show, word by word. */
export type Portal = Readonly<{ account: string; platform: string }> &
  Readonly<Record<string, string>>;

/** What a gateway's operator decides about an account; what is not said is as the gateway has it. */
export type Terms = Readonly<{ notifyUrl: string; refundGapSeconds?: number }> & Partial<Pace>;

/** How fast an account may be used, by all instances of its gateway together. */
export type Pace = Readonly<{ requestsPerSecond: number; concurrency: number }>;

/** @throws Error if the portal does not show it. */
type Shown = (word: string) => string;
/** Keeps a secret beside the account. @returns the name of its file. */
type Keep = (name: string, text: string) => string;

/** How each gateway's account file says what its provider's portal shows. */
const WORDS: Readonly<Record<Provider, (shown: Shown, keep: Keep) => object>> = {
  wechat: (shown, keep) => ({
    mchid: shown('mchid'),
    appid: shown('appid'),
    certificateSerial: shown('certificateSerial'),
    privateKeyFile: keep('key.pem', shown('privateKeyPem')),
    apiV3KeyFile: keep('apiv3.key', shown('apiV3Key')),
    platformKeys: {
      mode: 'public_key',
      publicKeyId: shown('publicKeyId'),
      publicKeyFile: keep('wechat.pub.pem', shown('publicKeyPem')),
    },
  }),
  alipay: (shown, keep) => ({
    appId: shown('appId'),
    sellerId: shown('sellerId'),
    privateKeyFile: keep('app.pem', shown('appPrivateKeyPem')),
    alipayKeys: {
      mode: 'public_key',
      publicKeyFiles: [keep('alipay.pub.pem', shown('alipayPublicKeyPem'))],
    },
  }),
  unionpay: (shown, keep) => ({
    merId: shown('merId'),
    privateKeyFile: keep('key.pem', shown('privateKeyPem')),
    certificateFile: keep('certificate.pem', shown('certificatePem')),
    middleCertificatesFile: keep('middle.pem', shown('middlePem')),
    rootCertificatesFile: keep('root.pem', shown('rootPem')),
    terminalId: 'HUTONG01', // any eight characters: the till's
  }),
};

/**
 * What lies in a gateway's folder of accounts for one of them, by the names of the files: its own, and
 * the keys that it names. Whoever writes it keeps all of it to its reader: most of it is secret.
 * Imports nothing that runs: tools/compose/accounts.mjs starts from this source.
 * @throws Error naming what the portal does not show.
 */
export function accountFiles(
  provider: Provider,
  portal: Portal,
  terms: Terms,
): Readonly<Record<string, string>> {
  const { account, platform } = portal;
  const files: Record<string, string> = {};
  const shown: Shown = (word) => {
    const text = portal[word];
    if (typeof text !== 'string') throw new Error(`no ${word} is shown for ${provider} ${account}`);
    return text;
  };
  const keep: Keep = (name, text) => {
    files[`${account}.${name}`] = text;
    return `${account}.${name}`;
  };
  const said = WORDS[provider](shown, keep);
  const registered = { account, platform, ...said, ...pace, ...terms };
  return { ...files, [`${account}.json`]: JSON.stringify(registered, null, 2) };
}

/** As a small merchant's. */
const pace: Pace = { requestsPerSecond: 50, concurrency: 8 };

/** @throws Error if it is not a list of accounts. */
export function parsePortals(answer: unknown): Portal[] {
  if (!Array.isArray(answer) || !answer.every(isPortal)) {
    throw new Error('the sandbox did not answer with accounts');
  }
  return answer;
}

const isPortal = (one: unknown): one is Portal =>
  typeof one === 'object' &&
  one !== null &&
  'account' in one &&
  'platform' in one &&
  Object.values(one).every((text) => typeof text === 'string');
