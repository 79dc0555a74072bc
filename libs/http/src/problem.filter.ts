import { currentTraceparent, type Logger } from '@hutong/telemetry';
import {
  Catch,
  HttpException,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { methodsAt } from './methods-at.js';
import {
  problem,
  ProblemException,
  problemBody,
  UNAVAILABLE,
  type ProblemBody,
} from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** Codes for what the framework refuses before any code of ours has seen the request. */
const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** A database's server that was ended, or lost its place to another, is back after some such time. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Every answer that is not a success, in one form. A fault answers 500 and says nothing else; one that is
 * `away`, 503: when to ask again, and that what was asked may be done all the same.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly meansAway: (thrown: unknown) => boolean,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const request = http.getRequest<Request>();
    const allowed = otherMethods(thrown, request);
    const isAway = this.meansAway(thrown);
    const body = isAway ? awayBody(request) : bodyOf(allowed.length > 0 ? NOT_ALLOWED : thrown);
    if (body.status >= 500) this.logger.error('request failed', { code: body.code }, thrown);
    if (response.headersSent) {
      response.destroy(); // half an answer must not look like a whole one
      return;
    }
    if (allowed.length > 0) response.setHeader('allow', allowed.join(', '));
    if (isAway) response.setHeader('retry-after', `${RETRY_AFTER_SECONDS}`);
    const trace = currentTraceparent()?.split('-')[1];
    const instance = trace === undefined ? {} : { instance: `urn:hutong:trace:${trace}` };
    response
      .status(body.status)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify({ ...body, ...instance }));
  }
}

const NOT_ALLOWED = problem({ status: 405, code: 'method_not_allowed' });

/** What the path would answer, where the router found nothing for the method. */
const otherMethods = (thrown: unknown, request: Request): readonly string[] =>
  thrown instanceof NotFoundException && request.route === undefined
    ? methodsAt(request.app.router, request.path)
    : [];

/** Of a route that takes no key only the first is true, and this cannot know which it is. */
const MAYBE_DONE =
  'It may be done all the same: look before you ask again, or, where an Idempotency-Key is taken, ask again under the same one.';

/** A commit whose answer was lost may have happened: nobody is told that nothing was done. */
function awayBody(request: Request): ProblemBody {
  const body = { code: 'unavailable', ...UNAVAILABLE };
  if (['GET', 'HEAD'].includes(request.method)) return problemBody(body);
  return problemBody({ ...body, detail: MAYBE_DONE });
}

/** Texts of foreign exceptions are not repeated: a parser's message quotes the body. */
function bodyOf(thrown: unknown): ProblemBody {
  if (thrown instanceof ProblemException) return thrown.body;
  const status = statusOf(thrown);
  const code = codeOfStatus[status] ?? (status < 500 ? 'refused' : 'internal_error');
  return problemBody({ status, code });
}

/**
 * Nest's exceptions carry a status, and so do those of Express and its body parser, which may be told
 * to the caller (`expose`). Anything else is a fault, also if some client of ours puts a status on it.
 */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof URIError) return 400;
  const told = thrown instanceof Error && 'expose' in thrown && 'status' in thrown && thrown.status;
  return typeof told === 'number' && told >= 400 && told < 500 ? told : 500;
}
