import { currentTraceparent } from '@hutong/telemetry';
import { codeOfFailure, Unreachable } from './unreachable.js';

export type DeadlineInit = Readonly<{
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** For the whole exchange, from connecting to the last byte of the answer. */
  timeoutMs: number;
  /** Of the answer's body. */
  maxBytes: number;
}>;

export type FetchedAnswer = Readonly<{ status: number; headers: Headers; body: Buffer }>;

/**
 * One HTTP exchange that ends, as part of the trace of whoever asks for it. Any status is an answer,
 * redirects included: they are not followed, since a signed request must not go to another host.
 * @throws Unreachable if no whole answer arrived; its code tells whether the request may have.
 * @throws TypeError on what is no request, before anything is sent: a fault of ours, nobody's silence.
 */
export async function fetchWithDeadline(
  url: URL | string,
  { timeoutMs, maxBytes, ...asked }: DeadlineInit,
): Promise<FetchedAnswer> {
  const traceparent = currentTraceparent();
  const traced = traceparent !== undefined && { traceparent };
  const init = { ...asked, headers: { ...traced, ...asked.headers } };
  new Request(url, init);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, signal, redirect: 'manual' });
    const body = await bodyOf(response, maxBytes);
    return { status: response.status, headers: response.headers, body };
  } catch (cause) {
    if (cause instanceof Unreachable) throw cause;
    throw new Unreachable(signal.aborted ? 'timeout' : codeOfFailure(cause), { cause });
  }
}

/** Counted as it arrives: a declared length may be missing, or a lie. */
async function bodyOf(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream: AsyncIterable<Uint8Array> | null = response.body;
  if (stream === null) return Buffer.alloc(0);
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Unreachable('too_large'); // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
