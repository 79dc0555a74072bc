import type { Server } from 'node:http';
import { NestLogger, type Logger, type Metrics } from '@hutong/telemetry';
import type { NestApplicationOptions } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { traceAndLog } from './access-log.js';
import { closeWhileDraining } from './drain-http.js';
import { BODY_LIMIT_BYTES, SERVER_LIMITS } from './http-limits.js';
import { ProblemFilter } from './problem.filter.js';
import { validationPipe } from './validation-pipe.js';

/**
 * What `NestFactory.create` is given. The body parser is `configureHttp`'s, with its limit; the raw
 * bytes stay at `request.rawBody`, since signatures and idempotency are over bytes.
 */
export const httpOptions = (logger: Logger): NestApplicationOptions => ({
  logger: new NestLogger(logger),
  bodyParser: false,
  rawBody: true,
  return503OnClosing: true,
});

/**
 * Everything that each HTTP surface of the ring has in common: limits, headers, trace, access log,
 * validation and problem details. Call it before `listen`; stopping is `runService`'s, with `drainHttp`.
 */
export function configureHttp(
  app: NestExpressApplication,
  options: Readonly<{ logger: Logger; metrics?: Metrics; bodyLimitBytes?: number }>,
): void {
  const server: Server = app.getHttpServer();
  Object.assign(server, SERVER_LIMITS);
  app.disable('etag');
  app.use(traceAndLog(options.logger, options.metrics));
  app.use(closeWhileDraining(server), helmet());
  app.useBodyParser('json', { limit: options.bodyLimitBytes ?? BODY_LIMIT_BYTES });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(options.logger));
}
