import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { sendProblem } from './broken-requests.js';
import { problem } from './problem.js';

const TOO_LARGE = { status: 413, code: 'body_too_large' } as const;

/**
 * Refuses a body as soon as it is known to be too large: by the length that it announces, or by what
 * has come of one that announces none. The parser would first wait for the end of it.
 */
export const onlySoMuch =
  (limitBytes: number): RequestHandler =>
  (request: Request, response: Response, next: NextFunction): void => {
    if (Number(request.header('content-length') ?? 0) > limitBytes) {
      next(problem(TOO_LARGE));
      return;
    }
    let bytes = 0;
    // Only there: whoever listens to a request makes it flow, and `close` come early.
    const counts = request.header('transfer-encoding') !== undefined;
    if (counts) {
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > limitBytes && !response.headersSent) sendProblem(response, TOO_LARGE);
      });
    }
    next();
  };
