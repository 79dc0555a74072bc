import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE } from './problem.filter.js';
import { problemBody } from './problem.js';

/** What Node's parser and its clock refuse before there is a request to hand to anybody. */
const refusals: Readonly<Record<string, readonly [status: number, code: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'body_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout'],
};

/**
 * Answers what is no request, or comes too slowly, as a problem too, and hangs up. Where an earlier
 * request is still without its answer, this one would be taken for it: then nothing is said.
 */
export function answerBrokenRequests(server: Server): void {
  const latest = new WeakMap<Duplex, readonly [IncomingMessage, ServerResponse]>();
  server.on('request', (request, answer) => latest.set(request.socket, [request, answer]));
  server.on('clientError', (fault: NodeJS.ErrnoException, socket: Duplex) => {
    const [request, answer] = latest.get(socket) ?? [];
    const begun = answer?.headersSent === true || request?.complete === true;
    const owesAnother = begun && answer?.writableFinished === false;
    if (fault.code === 'ECONNRESET' || !socket.writable || owesAnother) {
      socket.destroy();
      return;
    }
    const [status, code] = refusals[fault.code ?? ''] ?? [400, 'malformed_request'];
    const body = JSON.stringify(problemBody({ status, code }));
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\ncache-control: no-store\r\n` +
        `connection: close\r\n\r\n${body}`,
    );
  });
}
