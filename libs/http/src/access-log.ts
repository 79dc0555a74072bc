import { AsyncResource } from 'node:async_hooks';
import { withTraceparent, type Logger, type Metrics } from '@hutong/telemetry';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Stands for every path that no route answers: a scanner must not make a time series each. */
const NO_ROUTE = 'none';

/**
 * Runs each request inside its caller's trace, or a new one, and says one line when it is over. The
 * line has the route's template, never the URL: query strings and tokens in paths stay out.
 */
export function traceAndLog(logger: Logger, metrics?: Metrics): RequestHandler {
  const seconds = metrics?.histogram(
    'http_server_request_duration_seconds',
    'From the first byte of a request to the last of its answer.',
    ['method', 'route', 'status'],
  );
  return (request: Request, response: Response, next: NextFunction) => {
    const started = performance.now();
    response.setHeader('cache-control', 'no-store');
    withTraceparent(request.header('traceparent'), () => {
      // Bound, since the event comes from the socket, outside of the request's trace.
      const over = AsyncResource.bind(() => {
        const durationMs = Math.round(performance.now() - started);
        const route = routeOf(request);
        const httpStatus = response.statusCode;
        const reason = response.writableFinished ? undefined : 'aborted';
        logger.info('http request', {
          httpMethod: request.method,
          route,
          httpStatus,
          durationMs,
          reason,
        });
        seconds?.observe({ method: request.method, route, status: httpStatus }, durationMs / 1000);
      });
      response.once('close', over);
      next();
    });
  };
}

/** `/payments/:id`: what the router matched, known only once it has. */
function routeOf(request: Request): string {
  const matched: unknown = request.route;
  const isRoute = typeof matched === 'object' && matched !== null && 'path' in matched;
  return isRoute && typeof matched.path === 'string' ? matched.path : NO_ROUTE;
}
