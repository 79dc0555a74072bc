import type { IncomingMessage, Server } from 'node:http';
import type { Clock } from '@hutong/config';
import {
  BODY_LIMIT_BYTES,
  configureHttp,
  drainHttp,
  httpOptions,
  ManagementServer,
  type StopStep,
} from '@hutong/http';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SandboxClock } from './clock/sandbox-clock.adapter.js';
import { CONTROL_EXPOSED } from './control/loopback-only.adapter.js';
import { Faults } from './faults/faults.js';
import { PLAYED, type PlayedName } from './played-providers.module.js';
import type { SandboxConfig } from './sandbox.config.js';
import { SandboxModule } from './sandbox.module.js';
import { Authority } from './tls/authority.adapter.js';
import { RedirectingProxy } from './tls/redirecting-proxy.adapter.js';

export type Surroundings = Readonly<{ clock: Clock; logger: Logger; metrics: Metrics }>;

/** A world that runs, and what stops it, in order. */
export type RunningSandbox = Readonly<{
  management: ManagementServer;
  /** Control API and payer page. */
  port: number;
  /** A provider's API. */
  portOf: (name: PlayedName) => number;
  proxyPort: number;
  stop: readonly StopStep[];
}>;

/** A new world: fresh keys, empty books. Resolves once every port answers. */
export async function startSandbox(
  config: SandboxConfig,
  { clock: realClock, logger, metrics }: Surroundings,
): Promise<RunningSandbox> {
  const clock = new SandboxClock(realClock);
  const faults = new Faults();
  const authority = await Authority.open(clock.now());
  const { platforms } = config;
  const around = { clock, faults, authority, logger, platforms };
  const sides = await Promise.all(
    PLAYED.map(async (played) => ({ ...played, side: await played.open(around) })),
  );
  const app = await NestFactory.create<NestExpressApplication>(
    SandboxModule.with([
      { provide: SandboxClock, useValue: clock },
      { provide: Faults, useValue: faults },
      { provide: Authority, useValue: authority },
      ...sides.flatMap(({ side }) => side.providers),
      { provide: CONTROL_EXPOSED, useValue: config.controlExposed },
    ] satisfies Provider[]),
    httpOptions(logger),
  );
  configureHttp(app, { logger, metrics, alsoTakes: isPageForm });
  app.useBodyParser('urlencoded', { extended: false, limit: BODY_LIMIT_BYTES, type: isPageForm });
  await app.listen(config.port, config.host);
  const control: Server = app.getHttpServer();
  const { pagesUrl = `http://127.0.0.1:${portOf(control)}` } = config;
  const served = sides.map((one) => ({ ...one, servers: one.side.serversWith(pagesUrl) }));
  const proxy = new RedirectingProxy(
    new Map(
      served.flatMap(({ hosts, servers }) =>
        hosts.map((host) => [`${host}:443`, servers.secure] as const),
      ),
    ),
  );
  for (const { name, servers } of served) {
    const port = config.ports === 'free' ? 0 : config.ports[name];
    await listen(servers.plain, port, config.host);
  }
  await listen(proxy.server, config.proxyPort, '127.0.0.1');
  const management = await ManagementServer.start({
    host: config.host,
    port: config.managementPort,
    metrics,
    live: [],
    ready: served.map(({ name, servers }) => ({ name, look: () => servers.plain.listening })),
  });
  const ports = new Map(served.map(({ name, servers }) => [name, portOf(servers.plain)]));
  return {
    management,
    port: portOf(control),
    portOf: (name) => ports.get(name) ?? NaN,
    proxyPort: portOf(proxy.server),
    stop: [
      ...sides.flatMap(({ side }) => side.stop),
      ...served.map(({ name, servers }): StopStep => [name, () => drainHttp(servers.plain)]),
      ['proxy', () => proxy.stop()],
      ['http', () => drainHttp(control)],
      ['application', () => app.close()],
    ],
  };
}

const PAGE_FORMS = PLAYED.flatMap(({ pageForms }) => pageForms);

/** The control API takes JSON alone: a form could be posted to it from any page on the web. */
const isPageForm = ({ url, headers }: IncomingMessage): boolean =>
  PAGE_FORMS.includes(url ?? '') &&
  (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

/** @throws Error if the port is taken. */
const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}
