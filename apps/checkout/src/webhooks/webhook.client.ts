import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { currentTraceparent } from '@hutong/telemetry';
import type { Answered, Fault } from './delivery.js';
import { AddressRefused, pinnedTo, type EndpointAddresses } from './endpoint-addresses.adapter.js';

export type SentWebhook = Readonly<{
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

/** Of an answer's body, which nobody reads: what is longer is cut off. */
const ANSWER_LIMIT_BYTES = 16 * 1_024;

/**
 * Sends one webhook on a connection of its own, to the very addresses that were checked: none is kept
 * from an earlier look-up, and there is no second one for a changing name to answer differently.
 * Redirects are answers like others, and not followed. `fetch` cannot be told where to connect to.
 */
export class WebhookClient {
  constructor(
    private readonly addresses: EndpointAddresses,
    /** For the whole exchange, from the look-up to the last byte of the answer. */
    private readonly timeoutMs: number,
  ) {}

  /** Whatever comes of it is an answer: a receiver's faults are none of ours. */
  async send(webhook: SentWebhook): Promise<Answered> {
    const over = AbortSignal.timeout(this.timeoutMs);
    try {
      const addresses = await within(over, this.addresses.of(webhook.url));
      return { status: await exchange(webhook, addresses, over) };
    } catch (cause) {
      return { fault: faultOf(cause, over) };
    }
  }
}

/** @throws the signal's reason once it is over, and whatever the work throws before. */
async function within<T>(over: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(new Error('timed out', { cause: over.reason }));
  over.addEventListener('abort', end);
  try {
    return await Promise.race([work, promise]);
  } finally {
    over.removeEventListener('abort', end);
  }
}

function exchange(
  { url, headers, body }: SentWebhook,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const traceparent = currentTraceparent();
  const request = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, {
    method: 'POST',
    agent: false,
    lookup: pinnedTo(addresses),
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'hutong-checkout',
      ...(traceparent !== undefined && { traceparent }),
      ...headers,
    },
  });
  request.once('response', (answer) => resolve(statusOf(answer)));
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** The status counts, however the body ends: it says what the receiver did. */
async function statusOf(answer: IncomingMessage): Promise<number> {
  const chunks: AsyncIterable<Buffer> = answer;
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > ANSWER_LIMIT_BYTES) break; // leaving the loop cuts the connection
    }
  } catch {
    // Broken off: there is nothing in it that anybody would miss.
  }
  return answer.statusCode ?? 0;
}

function faultOf(cause: unknown, over: AbortSignal): Fault {
  if (cause instanceof AddressRefused) return 'address_refused';
  return over.aborted ? 'timeout' : 'unreachable';
}
