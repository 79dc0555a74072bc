import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CHECKOUT_PAYMENTS,
  parseMethod,
  ROUTING_DECISIONS,
  type Method,
  type PaymentId,
  type PaymentMethodSelected,
  type Provider,
} from '@hutong/domain-events';
import { SealingKeys } from '@hutong/gateway';
import { aPaymentOffered, eventually } from '@hutong/testing';
import type { Shop } from '../shop.examples.js';
import type { Answer } from '../world.examples.js';

export const LINK = 'wechat/wechat_pay/link';
export const AT_ONCE = { prefer: 'wait=0' };

export function methodOf(text: string): Method {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw new Error(`no method: ${text}`);
  return parsed.value;
}

/** Offers these methods in the place of whatever was offered before. */
export async function offer(
  { world, clock }: Shop,
  id: PaymentId,
  { number = 1, methods = [LINK] }: { number?: number; methods?: readonly string[] } = {},
): Promise<void> {
  const validUntil = new Date(clock.now().getTime() + 600_000);
  const offered = methods.map((text) => ({ method: methodOf(text), label: text }));
  await world.tell(
    ROUTING_DECISIONS,
    aPaymentOffered({ paymentId: id, offer: number, validUntil, methods: offered }),
  );
  await world.settled();
}

/** The choices of a payment that routing was told of, once they are so many. */
export const choices = ({ world }: Shop, id: PaymentId, count: number) =>
  eventually(
    async () => {
      const all = (await world.eventsOf(CHECKOUT_PAYMENTS, id)).map(({ event }) => event);
      const chosen = all.filter(
        (event): event is PaymentMethodSelected => event.type === 'payment.method_selected',
      );
      return chosen.length >= count ? chosen : undefined;
    },
    { what: `${count} choices` },
  );

/** Every row of checkout's database, as text. */
export async function everything({ world }: Shop): Promise<string> {
  const tables = await world.db.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const texts = await Promise.all(
    tables.map(({ name }) =>
      world.db.query<{ row: string }>(
        `select row_to_json(t)::text as row from "${name}" t order by 1`,
      ),
    ),
  );
  return tables
    .map(({ name }, i) => `${name}\n${texts[i]?.map(({ row }) => row).join('\n')}`)
    .join('\n\n');
}

let guests = 0;

/** Somebody who was given a link, at an address of their own. */
export class Guest {
  readonly address = `203.0.113.${(guests += 1)}`;

  constructor(private readonly base: string) {}

  open(token: string, accept = 'application/json', method = 'GET'): Promise<Response> {
    return this.call(`/pay/${token}`, { method, headers: { accept } });
  }

  async see(token: string): Promise<Answer> {
    return answerOf(await this.open(token));
  }

  async press(
    token: string,
    body: Record<string, unknown> = { presentation: 'qr' },
    headers: Record<string, string> = AT_ONCE,
  ): Promise<Answer> {
    const json = { 'content-type': 'application/json', ...headers };
    const path = `/pay/${token}/attempts`;
    return answerOf(
      await this.call(path, { method: 'POST', headers: json, body: JSON.stringify(body) }),
    );
  }

  /** The page's button. */
  pressButton(token: string, presentation: string): Promise<Response> {
    const body = new URLSearchParams({ presentation });
    const path = `/pay/${token}/attempts`;
    return this.call(path, { method: 'POST', headers: AT_ONCE, body, redirect: 'manual' });
  }

  private call(path: string, init: RequestInit): Promise<Response> {
    const headers = {
      ...Object.fromEntries(new Headers(init.headers)),
      'x-forwarded-for': this.address,
    };
    return fetch(new URL(path, this.base), { ...init, headers });
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const parsed: unknown = await response.json();
  if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
  return { status: response.status, headers: response.headers, body: { ...parsed } };
}

/** A key pair of a gateway: the public half where checkout looks, the private one for whoever opens. */
export async function keysFor(
  provider: Provider,
  folder: string,
  file: string,
): Promise<Readonly<{ opened: SealingKeys; publicPem: string }>> {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const own = join(folder, `private-${guests}-${file}`);
  await mkdir(own);
  await writeFile(join(own, '1.pem'), pair.privateKey);
  await writeFile(join(folder, file), pair.publicKey);
  return { opened: await SealingKeys.open(provider, own), publicPem: pair.publicKey };
}
