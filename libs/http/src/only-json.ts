import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { problem } from './problem.js';

/**
 * The whole of what is taken, and nothing that two readers could take differently: JSON is in UTF-8, as
 * its bytes are signed and looked through, and the parser behind us believes any `charset` that it finds.
 */
const JSON_IN_UTF_8 = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;

/** A body that nobody parses would look like none: it is refused by its type, 415. */
export const onlyJson =
  (alsoTakes: (request: Request) => boolean = () => false): RequestHandler =>
  (request: Request, _response: Response, next: NextFunction) => {
    const type = request.is('application/json'); // null where there is no body
    const isNone = type === null || request.header('content-length') === '0';
    const isJson = JSON_IN_UTF_8.test(request.header('content-type') ?? '');
    if (isNone || isJson || alsoTakes(request)) next();
    else next(problem({ status: 415, code: 'unsupported_media_type' }));
  };
