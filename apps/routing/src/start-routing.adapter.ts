import type { Server } from 'node:http';
import type { Clock } from '@hutong/config';
import { untilMigrated } from '@hutong/database';
import {
  AccessTokens,
  configureHttp,
  drainHttp,
  httpOptions,
  ManagementServer,
  type StopStep,
} from '@hutong/http';
import { messagingOf, type KafkaSettings } from '@hutong/messaging';
import type { Logger, Metrics } from '@hutong/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { openApiOf } from './openapi.adapter.js';
import { loadPolicies } from './policy/load-policies.adapter.js';
import type { RoutingConfig } from './routing.config.js';
import { RoutingModule } from './routing.module.js';
import { migrations, openDatabase } from './store/database.repository.js';
import { Commands } from './store/commands.repository.js';
import { decisionMetrics } from './store/decision-metrics.adapter.js';
import { Decisions } from './store/decisions.repository.js';
import { Reports } from './store/reports.repository.js';
import { SwitchTurns } from './store/switches.repository.js';
import { SWITCH_SURROUNDINGS } from './switches/switches.controller.js';

/** What the process gives a service beside its configuration. */
export type Surroundings = Readonly<{
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if this service cannot go on: end the process. */
  onFatal: (cause: Error) => void;
  /** Namespace and timing of the broker's clients; specs have their own. */
  kafka?: Omit<KafkaSettings, 'brokers'>;
}>;

/** A service that serves, and what stops it, in order. */
export type RunningRouting = Readonly<{
  management: ManagementServer;
  /** Where HTTP listens; none in the role of a worker. */
  port: number | undefined;
  stop: readonly StopStep[];
}>;

/**
 * Starts one instance in its role. It is not ready before the migrations are applied, and waits for them.
 * @throws Error naming every mistake in the policies, or the tokens file, before anything is opened.
 */
export async function startRouting(
  config: RoutingConfig,
  around: Surroundings,
): Promise<RunningRouting> {
  const { clock, logger, metrics } = around;
  const policies = await loadPolicies(config.policiesDir);
  const tokens = await AccessTokens.open(config.tokensFile, logger);
  for (const { platform, versions } of policies.values()) {
    logger.info('policy read', { platform, count: versions.length });
  }
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  const db = opened.use(openDatabase(config.database, logger));
  const messaging = messagingOf({
    service: 'routing',
    role: config.role,
    kafka: { ...around.kafka, brokers: config.kafkaBrokers },
    database: { config: config.database, pool: db.pool },
    clock,
    logger,
    metrics,
    onFatal: around.onFatal,
  });
  opened.defer(messaging.closeWakeups[1]);
  let serving = false;
  const management = await ManagementServer.start({
    host: config.host,
    port: config.managementPort,
    metrics,
    live: [{ name: 'consumer', look: () => messaging.health().live }],
    ready: [
      { name: 'serving', look: () => serving },
      { name: 'consumer', look: () => messaging.health().ready },
      { name: 'database', look: () => db.ping().then(() => true) },
    ],
  });
  opened.defer(() => management.close());
  await untilMigrated(config.database, migrations, { logger });
  const parts = { db, outbox: messaging.outbox, clock, metrics: decisionMetrics(metrics) };
  const decisions = new Decisions({ ...parts, policies, story: config.story });
  const app = await NestFactory.create<NestExpressApplication>(
    RoutingModule.with([
      { provide: Decisions, useValue: decisions },
      { provide: Commands, useValue: new Commands(parts) },
      { provide: Reports, useValue: new Reports(parts) },
      { provide: SwitchTurns, useValue: new SwitchTurns(db, clock) },
      { provide: SWITCH_SURROUNDINGS, useValue: { clock, logger } },
      { provide: AccessTokens, useValue: tokens },
    ]),
    httpOptions(logger),
  );
  opened.defer(() => app.close());
  const http = await serveHttp(app, config, around);
  await messaging.start(app);
  serving = true;
  opened.move();
  return {
    management,
    port: http?.port,
    stop: [
      ...messaging.stops,
      ...(http === undefined ? [] : [['http', () => drainHttp(http.server)] as const]),
      ['application', () => app.close()],
      messaging.closeWakeups,
      ['database', () => db.close()],
    ],
  };
}

/** Listens, in the roles that answer operators. */
async function serveHttp(
  app: NestExpressApplication,
  config: RoutingConfig,
  { logger, metrics }: Surroundings,
): Promise<Readonly<{ server: Server; port: number }> | undefined> {
  if (config.role === 'worker') return undefined;
  configureHttp(app, { logger, metrics });
  const document = openApiOf(app);
  app.use('/openapi.json', (_: Request, response: Response) => {
    response.json(document);
  });
  await app.listen(config.port, config.host);
  const server: Server = app.getHttpServer();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return { server, port: address.port };
}
