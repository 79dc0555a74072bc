import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { BODY_LIMIT_BYTES, SERVER_LIMITS } from '@hutong/http';
import type { Logger } from '@hutong/telemetry';

/** The same API twice: `plain` listens, `secure` is handed its connections by the proxy. */
export type ProviderServers = Readonly<{ plain: Server; secure: Server }>;

/**
 * A provider's API over plain Node: what goes over the wire here is looked at byte by byte, down to
 * answers without a body and connections that die. A request whose serving fails is cut off.
 */
export function providerServers(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  {
    provider,
    tls,
    logger,
  }: Readonly<{ provider: string; tls: Readonly<{ key: string; cert: string }>; logger: Logger }>,
): ProviderServers {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((cause: unknown) => {
      logger.error('request failed', { provider }, cause);
      cut(response);
    });
  };
  const limits = { ...SERVER_LIMITS, maxRequestsPerSocket: 0 };
  return {
    plain: Object.assign(createServer({ noDelay: true }, listener), limits),
    secure: Object.assign(createSecureServer({ ...tls, noDelay: true }, listener), limits),
  };
}

/** The bytes as they were sent, or `undefined` if there are too many of them. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<Buffer> = request;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return size <= BODY_LIMIT_BYTES ? Buffer.concat(chunks) : undefined;
}

export const empty = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'Content-Length': 0 }).end();
};

/** The connection dies, as seen from a merchant whose answer was lost. */
export const cut = (response: ServerResponse): void => {
  response.destroy();
};
