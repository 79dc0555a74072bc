import { join } from 'node:path';
import { gatewayService, SERVICES, type Provider, type Service } from '@hutong/domain-events';
import type { DatabaseUrls } from './ring-databases.js';
import { GATEWAYS, providerOf } from './ring-gateways.js';

export type RingService = Service;

/** The services of the ring that keep a database, in the order in which data goes round. */
export const RING_SERVICES: readonly RingService[] = SERVICES;

/** What all processes of one ring are configured with. */
export type RingSetting = Readonly<{
  /** The repository: its apps must be built. */
  root: string;
  /** Holds secrets and logs of this ring. */
  folder: string;
  brokers: readonly string[];
  databases: DatabaseUrls;
  /** Where the platforms' policies are. */
  policies: string;
  /** Where a provider's API is: the sandbox's. */
  providerUrl: (provider: Provider) => URL;
  /** Where a service is reached: its first instance. */
  urlOf: (service: RingService) => URL;
  /** Whether requests may say when they happen. */
  story: boolean;
  /** What Node itself is told in a process of this name. */
  nodeArgsOf: (process: string) => readonly string[];
  /** What else services are configured with. */
  settings: Settings;
}>;

/** Variables of a service, beside those or in place of those that every ring's has. */
export type Settings = Readonly<Partial<Record<RingService, Readonly<Record<string, string>>>>>;

/** Files of a ring's folder. */
export const files = {
  password: (service: RingService): string => `${service}.password`,
  tokens: 'tokens.json',
  pepper: 'pepper',
  linkKey: 'link.key',
  webhookKeys: 'webhook.keys',
  /** Public keys of gateways, for whoever seals to them. */
  sealingKeys: 'sealing-keys',
  /** A gateway's own: private keys for what is sealed to it, and its accounts with the provider. */
  openingKeys: (provider: Provider): string => `${provider}-sealing-keys`,
  accounts: (provider: Provider): string => `${provider}-accounts`,
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
    ...ring.settings[service],
  };
}

function ownEnvironmentOf(service: RingService, ring: RingSetting): Record<string, string> {
  const provider = providerOf(service);
  if (provider !== undefined) return gatewayEnvironment(provider, ring);
  return { TOKENS_FILE: join(ring.folder, files.tokens), ...OWN[service]?.(ring) };
}

/** What a service is told that is no gateway, beside where its tokens are. */
const OWN: Readonly<Partial<Record<RingService, (ring: RingSetting) => Record<string, string>>>> = {
  checkout: ({ folder, urlOf }) => ({
    PAYER_KEY_PEPPER_FILE: join(folder, files.pepper),
    LINK_KEY_FILE: join(folder, files.linkKey),
    WEBHOOK_SEALING_KEYS_FILE: join(folder, files.webhookKeys),
    WEBHOOK_DEVELOPMENT_HOSTS: '127.0.0.1,localhost',
    SEALING_KEYS_DIR: join(folder, files.sealingKeys),
    PUBLIC_URL: urlOf('checkout').href,
  }),
  routing: ({ policies }) => ({ POLICIES_DIR: policies }),
  ledger: ({ root }) => ({ CONTRACT_RATES_FILE: join(root, 'apps/ledger/contract-rates.json') }),
};

function gatewayEnvironment(provider: Provider, ring: RingSetting): Record<string, string> {
  const { address, besides } = GATEWAYS[provider];
  const own = provider.toUpperCase();
  return {
    [address.name]: new URL(address.path, ring.providerUrl(provider)).href,
    [`${own}_ACCOUNTS_DIR`]: join(ring.folder, files.accounts(provider)),
    [`${own}_SEALING_KEYS_DIR`]: join(ring.folder, files.openingKeys(provider)),
    ...besides?.(ring.urlOf(gatewayService[provider])),
  };
}
