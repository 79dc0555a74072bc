import {
  IsHttpUrl,
  IsReadableDirectory,
  IsReadableFile,
  IsWholeNumber,
  parseEnv,
  readSecretFile,
  serviceConfig,
  ServiceEnv,
  type Secret,
  type ServiceConfig,
} from '@hutong/config';
import { IsOptional, Matches } from 'class-validator';
import type { SharingConfig } from './share-link/sharing.adapter.js';
import type { WebhookConfig } from './webhooks/webhooks.adapter.js';

export type CheckoutConfig = ServiceConfig &
  Readonly<{
    /** What payer keys are made with; never changes. */
    pepper: Secret;
    /** Where platforms reach this service. */
    publicUrl: URL;
    /** What one platform may ask of one instance. */
    requestsPerSecond: number;
    /** Who may see to stuck surplus. */
    tokensFile: string;
    webhooks: WebhookConfig;
    sharing: SharingConfig;
  }>;

/** An address or network, or a name that Express has for some. */
const PROXY = '(loopback|linklocal|uniquelocal|[\\da-f:.]+(/\\d{1,3})?)';

class CheckoutEnv extends ServiceEnv {
  /**
   * What payer keys are made with, at least 32 characters. Never changed: every payer would be
   * somebody new.
   */
  @IsReadableFile() PAYER_KEY_PEPPER_FILE!: string;
  /** Where platforms and guests reach this service. */
  @IsHttpUrl() PUBLIC_URL!: string;
  /** What one platform may ask of one instance in a second, and as much at once. */
  @IsWholeNumber(1, 100_000) PLATFORM_REQUESTS_PER_SECOND: number = 1_000;
  /** Operators' tokens by their hashes; `[]` in it: there are no operators. */
  @IsReadableFile() TOKENS_FILE!: string;
  /**
   * What secrets of webhooks are sealed with, a key a line, the newest first. Not set: no
   * webhooks.
   */
  @IsOptional() @IsReadableFile() WEBHOOK_SEALING_KEYS_FILE?: string;
  /** Hosts to which webhooks may go over http and at any address. Never set it in production. */
  @Matches(/^([\w.-]+|\[[\da-f:]+\])?(,([\w.-]+|\[[\da-f:]+\]))*$/i, {
    message: '$property must be a comma-separated list of hosts',
  })
  WEBHOOK_DEVELOPMENT_HOSTS: string = '';
  /**
   * What the tokens of shared links are derived with, at least 32 characters. Not set: no links.
   */
  @IsOptional() @IsReadableFile() LINK_KEY_FILE?: string;
  /**
   * The gateways' public keys, `<gateway>.<number>.pem`. Not set: nothing that has to be sealed
   * can be paid with.
   */
  @IsOptional() @IsReadableDirectory() SEALING_KEYS_DIR?: string;
  /** Whose `X-Forwarded-For` is believed; set it behind a load balancer. */
  @Matches(new RegExp(`^(${PROXY}(,${PROXY})*)?$`, 'i'), {
    message: '$property must be a comma-separated list of addresses and networks',
  })
  TRUSTED_PROXIES: string = '';
}

const PORT = 3_000;

/** @throws Error naming every bad variable at once, and never a value. */
export function readCheckoutConfig(env: NodeJS.ProcessEnv): CheckoutConfig {
  const e = parseEnv(CheckoutEnv, env);
  return {
    ...serviceConfig(e, { port: PORT }),
    pepper: readSecretFile(e.PAYER_KEY_PEPPER_FILE),
    publicUrl: new URL(e.PUBLIC_URL),
    requestsPerSecond: e.PLATFORM_REQUESTS_PER_SECOND,
    tokensFile: e.TOKENS_FILE,
    webhooks: {
      sealingKeys:
        e.WEBHOOK_SEALING_KEYS_FILE === undefined
          ? undefined
          : readSecretFile(e.WEBHOOK_SEALING_KEYS_FILE),
      developmentHosts: new Set(e.WEBHOOK_DEVELOPMENT_HOSTS.split(',').filter(Boolean)),
    },
    sharing: {
      linkKey: e.LINK_KEY_FILE === undefined ? undefined : readSecretFile(e.LINK_KEY_FILE),
      sealingKeysFolder: e.SEALING_KEYS_DIR,
      trustedProxies: e.TRUSTED_PROXIES.split(',').filter(Boolean),
    },
  };
}
