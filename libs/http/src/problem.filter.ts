import { currentTraceparent, type Logger } from '@hutong/telemetry';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { ProblemException, problemBody, type ProblemBody } from './problem.js';

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

/** Every answer that is not a success, in one form. A fault answers 500 and says nothing else. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const body = bodyOf(thrown);
    if (body.status >= 500) this.logger.error('request failed', { code: body.code }, thrown);
    if (response.headersSent) {
      response.destroy(); // half an answer must not look like a whole one
      return;
    }
    const trace = currentTraceparent()?.split('-')[1];
    const instance = trace === undefined ? {} : { instance: `urn:hutong:trace:${trace}` };
    response
      .status(body.status)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify({ ...body, ...instance }));
  }
}

/** Texts of foreign exceptions are not repeated: a parser's message quotes the body. */
function bodyOf(thrown: unknown): ProblemBody {
  if (thrown instanceof ProblemException) return thrown.body;
  const status = statusOf(thrown);
  const code = codeOfStatus[status] ?? (status < 500 ? 'refused' : 'internal_error');
  return problemBody({ status, code });
}

/** Nest's exceptions and those of the body parser carry a status; anything else is a fault. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const told = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined;
  return typeof told === 'number' && told >= 400 && told < 500 ? told : 500;
}
