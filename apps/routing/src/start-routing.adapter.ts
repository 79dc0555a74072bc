import { untilMigrated } from '@hutong/database';
import { AccessTokens, ServiceFront, type RunningInstance } from '@hutong/http';
import { messagingOf, type Surroundings } from '@hutong/messaging';
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

/**
 * Starts one instance in its role. It is not ready before the migrations are applied, and waits for them.
 * @throws Error naming every mistake in the policies, or the tokens file, before anything is opened.
 */
export async function startRouting(
  config: RoutingConfig,
  around: Surroundings,
): Promise<RunningInstance> {
  const { clock, logger, metrics } = around;
  const policies = await loadPolicies(config.policiesDir);
  const tokens = await AccessTokens.open(config.tokensFile, logger);
  for (const { platform, versions } of policies.values()) {
    logger.info('policy read', { platform, count: versions.length });
  }
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  const db = opened.use(openDatabase(config.database, logger));
  const messaging = messagingOf({ ...around, service: 'routing', config, pool: db.pool });
  opened.defer(messaging.closeWakeups[1]);
  const { health } = messaging;
  const front = opened.use(await ServiceFront.open({ ...around, config, health, database: db }));
  await untilMigrated(config.database, migrations, { logger });
  const parts = { db, outbox: messaging.outbox, clock, metrics: decisionMetrics(metrics) };
  const decisions = new Decisions({ ...parts, policies, story: config.story });
  const app = await front.serve(
    RoutingModule.with([
      { provide: Decisions, useValue: decisions },
      { provide: Commands, useValue: new Commands(parts) },
      { provide: Reports, useValue: new Reports(parts) },
      { provide: SwitchTurns, useValue: new SwitchTurns(db, clock) },
      { provide: SWITCH_SURROUNDINGS, useValue: { clock, logger } },
      { provide: AccessTokens, useValue: tokens },
    ]),
    { openApi: openApiOf },
  );
  await messaging.start(app);
  opened.move();
  return front.running([
    ...messaging.stops,
    ...front.stops,
    messaging.closeWakeups,
    ['database', () => db.close()],
  ]);
}
