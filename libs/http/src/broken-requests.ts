import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE } from './problem.filter.js';
import { problemBody, type ProblemSpec } from './problem.js';

/** What Node's parser and its clock refuse before there is a request to hand to anybody. */
const refusals: Readonly<Record<string, readonly [status: number, code: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'body_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout'],
};

/**
 * Answers what is no request, or comes too slowly, as a problem too, and hangs up. Where an earlier
 * request is still without its answer, this one would be taken for it: then nothing is said. So does it
 * with the two that Node would else answer with nothing: a tunnel, and an expectation that it does not know.
 */
export function answerBrokenRequests(server: Server): void {
  const latest = new WeakMap<Duplex, readonly [IncomingMessage, ServerResponse]>();
  server.on('request', (request, answer) => latest.set(request.socket, [request, answer]));
  server.on('clientError', (fault: NodeJS.ErrnoException, socket: Duplex) => {
    const [request, answer] = latest.get(socket) ?? [];
    const begun = answer?.headersSent === true || request?.complete === true;
    const owesAnother = begun && answer?.writableFinished === false;
    // What is left of a body that was refused already.
    const isRest = answer?.writableFinished === true && request?.complete === false;
    if (fault.code === 'ECONNRESET' || !socket.writable || owesAnother || isRest) {
      socket.destroy();
      return;
    }
    const [status, code] = refusals[fault.code ?? ''] ?? [400, 'malformed_request'];
    hangUp(socket, { status, code });
  });
  server.on('connect', (_, socket) => {
    socket.on('error', () => undefined);
    hangUp(socket, { status: 405, code: 'method_not_allowed' });
  });
  server.on('checkExpectation', (_, answer) => {
    answer.setHeader('connection', 'close');
    sendProblem(answer, { status: 417, code: 'expectation_failed' });
  });
}

function hangUp(socket: Duplex, { status, code }: ProblemSpec): void {
  const body = JSON.stringify(problemBody({ status, code }));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\ncache-control: no-store\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}

/** A problem where there is no Express: the same form as `ProblemFilter`'s. */
export function sendProblem(answer: ServerResponse, spec: ProblemSpec): void {
  const body = Buffer.from(JSON.stringify(problemBody(spec)));
  answer.writeHead(spec.status, {
    'content-type': PROBLEM_TYPE,
    'content-length': body.byteLength,
    'cache-control': 'no-store',
  });
  answer.end(body);
}
