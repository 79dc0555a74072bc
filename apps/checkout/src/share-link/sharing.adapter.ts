import type { Secret } from '@hutong/config';
import type { Provider } from '@nestjs/common';
import { PayerSeals } from '../payer/payer-seals.adapter.js';
import { Guests } from './guests.adapter.js';
import { LinkMaker } from './link-maker.adapter.js';
import { GUEST_CLOCK } from './open-link.controller.js';
import { ShareLinks, type ShareLinksParts } from './share-links.repository.js';

export type SharingConfig = Readonly<{
  /** What tokens of links are derived with; without it no link is made. */
  linkKey: Secret | undefined;
  /** Holds the gateways' public keys; without it nothing can be sealed. */
  sealingKeysFolder: string | undefined;
  /** Addresses, networks (CIDR) and Express's names of some, whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
}>;

const SHORTEST_KEY = 32;

type Parts = Omit<ShareLinksParts, 'key'> & Readonly<{ publicUrl: URL; config: SharingConfig }>;

/** What the controllers of links and of choices take. @throws Error naming a key that is none. */
export async function sharingOf({ config, publicUrl, ...parts }: Parts): Promise<Provider[]> {
  const { linkKey: key, sealingKeysFolder } = config;
  if (key !== undefined && key.reveal().length < SHORTEST_KEY) {
    throw new Error(`LINK_KEY_FILE holds fewer than ${SHORTEST_KEY} characters`);
  }
  const links = new ShareLinks({ ...parts, key });
  return [
    { provide: ShareLinks, useValue: links },
    { provide: LinkMaker, useValue: new LinkMaker(links, publicUrl, parts.clock) },
    { provide: Guests, useValue: new Guests() },
    { provide: GUEST_CLOCK, useValue: parts.clock },
    { provide: PayerSeals, useValue: await PayerSeals.open(sealingKeysFolder) },
  ];
}
