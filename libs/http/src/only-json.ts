import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { problem } from './problem.js';

/** A body that nobody parses would look like none: it is refused by its type, 415. */
export const onlyJson =
  (alsoTakes: (request: Request) => boolean = () => false): RequestHandler =>
  (request: Request, _response: Response, next: NextFunction) => {
    const type = request.is('application/json'); // null where there is no body
    const isNone = type === null || request.header('content-length') === '0';
    const isJson = type !== false && isUtf8(request);
    if (isNone || isJson || alsoTakes(request)) next();
    else next(problem({ status: 415, code: 'unsupported_media_type' }));
  };

/** What JSON is written in, and what its bytes are signed as. */
function isUtf8(request: Request): boolean {
  const type = request.header('content-type') ?? '';
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1];
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}
