import type { Request } from 'express';

const FORM = 'application/x-www-form-urlencoded';

/** The button of a link's page, pressed in a browser: the one body here that is not JSON. */
export const isPressForm = (request: Request): boolean =>
  request.method === 'POST' &&
  /^\/pay\/[^/]+\/attempts$/.test(request.path) &&
  request.is(FORM) === FORM;

/** The body parser for it: a few bytes. */
export const PRESS_FORM = { limit: 1_024, inflate: false, extended: false } as const;
