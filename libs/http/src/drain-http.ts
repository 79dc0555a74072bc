import type { Server } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Shorter than a stop step may take, longer than any answer but a long poll's. */
const GRACE_MS = 5_000;
const SWEEP_MS = 50;

/**
 * Takes no new connection, lets the requests in flight have their answers, then cuts what is left:
 * long polls and event streams, whose clients come again. Nest's own closing would either cut
 * answers in the middle or wait for idle keep-alive connections to time out.
 */
export async function drainHttp(server: Server, graceMs = GRACE_MS): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed.promise;
  clearInterval(sweep);
  clearTimeout(cut);
}

/** While draining, each answer asks its client to open the next connection elsewhere. */
export const closeWhileDraining =
  (server: Server): RequestHandler =>
  (_request: Request, response: Response, next: NextFunction) => {
    if (!server.listening) response.setHeader('connection', 'close');
    next();
  };
