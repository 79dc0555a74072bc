import { join } from 'node:path';
import type { DatabaseUrls } from './ring-databases.js';

/** The services of the ring that keep a database, in the order in which data goes round. */
export const RING_SERVICES = ['checkout', 'routing', 'wechat-gateway', 'ledger'] as const;
export type RingService = (typeof RING_SERVICES)[number];

/** What all processes of one ring are configured with. */
export type RingSetting = Readonly<{
  /** The repository: its apps must be built. */
  root: string;
  /** Holds secrets and logs of this ring. */
  folder: string;
  brokers: readonly string[];
  databases: DatabaseUrls;
  /** Where WeChat's API is: the sandbox's. */
  wechatUrl: URL;
  /** Where platforms reach checkout. */
  checkoutUrl: URL;
  /** Whether requests may say when they happen. */
  story: boolean;
}>;

/** Files of a ring's folder. */
export const files = {
  password: (service: RingService): string => `${service}.password`,
  tokens: 'tokens.json',
  pepper: 'pepper',
  linkKey: 'link.key',
  webhookKeys: 'webhook.keys',
  /** Public keys of gateways, for whoever seals to them. */
  sealingKeys: 'sealing-keys',
  wechatSealingKeys: 'wechat-sealing-keys',
  wechatAccounts: 'wechat-accounts',
} as const;

/** The compiled entry of an app. */
export const mainOf = (root: string, app: string): string =>
  join(root, 'apps', app, 'dist/main.js');

/** A service's environment but for its ports. @throws Error if it has no database yet. */
export function environmentOf(service: RingService, ring: RingSetting): Record<string, string> {
  const database = ring.databases.get(service);
  if (database === undefined) throw new Error(`no database for ${service}`);
  return {
    HOST: '127.0.0.1',
    DATABASE_URL: database,
    DATABASE_PASSWORD_FILE: join(ring.folder, files.password(service)),
    KAFKA_BROKERS: ring.brokers.join(','),
    ...(ring.story && { STORY: '1' }),
    ...ownEnvironmentOf(service, ring),
  };
}

function ownEnvironmentOf(service: RingService, ring: RingSetting): Record<string, string> {
  const tokens = { TOKENS_FILE: join(ring.folder, files.tokens) };
  switch (service) {
    case 'checkout':
      return {
        ...tokens,
        PAYER_KEY_PEPPER_FILE: join(ring.folder, files.pepper),
        LINK_KEY_FILE: join(ring.folder, files.linkKey),
        WEBHOOK_SEALING_KEYS_FILE: join(ring.folder, files.webhookKeys),
        WEBHOOK_DEVELOPMENT_HOSTS: '127.0.0.1,localhost',
        SEALING_KEYS_DIR: join(ring.folder, files.sealingKeys),
        PUBLIC_URL: ring.checkoutUrl.href,
      };
    case 'routing':
      return { ...tokens, POLICIES_DIR: join(ring.root, 'apps/routing/policies') };
    case 'wechat-gateway':
      return {
        WECHAT_BASE_URL: ring.wechatUrl.href,
        WECHAT_ACCOUNTS_DIR: join(ring.folder, files.wechatAccounts),
        WECHAT_SEALING_KEYS_DIR: join(ring.folder, files.wechatSealingKeys),
      };
    case 'ledger':
      return { ...tokens, CONTRACT_RATES_FILE: join(ring.root, 'apps/ledger/contract-rates.json') };
  }
}
