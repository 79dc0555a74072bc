import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { RawBodyRequest } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { problem } from './problem.js';
import { unreadableIn } from './readable-json.js';
import { invalid } from './validation-pipe.js';

/** Two of one of these, and each reader of the request may believe another. Node keeps the first. */
const ONCE = new Set([
  ...['host', 'authorization', 'content-type', 'content-length'],
  ...['idempotency-key', 'last-event-id'],
]);

/** Whether a request says for whom it is, and nothing twice that can be true but once. */
export function isUnambiguous({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  if (headers.host === undefined && httpVersion === '1.1') return false;
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const single = names.filter((name) => ONCE.has(name));
  return new Set(single).size === single.length;
}

/** Refuses what one reader would understand in one way and another in another. */
export const onlyUnambiguous: RequestHandler = (
  request: Request,
  _: Response,
  next: NextFunction,
): void => {
  if (isUnambiguous(request)) next();
  else next(problem({ status: 400, code: 'malformed_request' }));
};

/** The same of a JSON body that was parsed: its bytes are UTF-8, its texts are text, each name stands once. */
export const onlyReadableJson: RequestHandler = (
  request: RawBodyRequest<Request>,
  _: Response,
  next: NextFunction,
): void => {
  const bytes = request.rawBody;
  if (bytes === undefined || request.is('application/json') === false) return next();
  if (!isUtf8(bytes)) return next(problem({ status: 400, code: 'malformed_request' }));
  const found = unreadableIn(bytes.toString());
  next(found && invalid([{ path: found.path, rules: [found.rule] }]));
};
