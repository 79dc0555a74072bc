import type { Server } from 'node:http';
import { NestLogger, type Logger, type Metrics } from '@hutong/telemetry';
import type { NestApplicationOptions } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import helmet from 'helmet';
import { traceAndLog } from './access-log.js';
import { closeWhileDraining } from './drain-http.js';
import { BODY_LIMIT_BYTES, limitServer } from './http-limits.js';
import { onlyJson } from './only-json.js';
import { onlySoMuch } from './only-so-much.js';
import { ProblemFilter } from './problem.filter.js';
import { onlyUnambiguous, onlyReadableJson } from './said-once.js';
import { validationPipe } from './validation-pipe.js';

export type HttpOptions = Readonly<{
  logger: Logger;
  metrics?: Metrics;
  bodyLimitBytes?: number;
  /** `bytes` are parsed by nobody: signatures are over them. JSON if not said. */
  bodies?: 'json' | 'bytes';
  /** Requests whose body may be something else than JSON: the app brings the parser. */
  alsoTakes?: (request: Request) => boolean;
  /** Whether something failed since what the service stands on, its database, is away; nothing if not said. */
  isAway?: (thrown: unknown) => boolean;
}>;

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
export function configureHttp(app: NestExpressApplication, options: HttpOptions): void {
  const server: Server = app.getHttpServer();
  limitServer(server);
  app.disable('etag');
  app.use(traceAndLog(options.logger, options.metrics));
  app.use(closeWhileDraining(server), helmet(), onlyUnambiguous);
  if (options.bodies !== 'bytes') app.use(onlyJson(options.alsoTakes));
  // Not unpacked: what was signed, limited and repeated are the bytes that were sent.
  const limit = options.bodyLimitBytes ?? BODY_LIMIT_BYTES;
  app.use(onlySoMuch(limit));
  if (options.bodies === 'bytes') {
    app.useBodyParser('raw', { type: () => true, limit, inflate: false });
  } else {
    app.useBodyParser('json', { limit, inflate: false });
    app.use(onlyReadableJson);
  }
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(options.logger, options.isAway ?? (() => false)));
}
