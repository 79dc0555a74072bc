import type { Server } from 'node:http';
import type { ServiceConfig } from '@hutong/config';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Application, Request, Response } from 'express';
import { configureHttp, httpOptions, type HttpOptions } from './configure-http.js';
import { drainHttp } from './drain-http.js';
import { ManagementServer } from './management-server.js';
import type { StopStep } from './run-service.js';

export type FrontOptions = Readonly<{
  config: Pick<ServiceConfig, 'role' | 'host' | 'port' | 'managementPort'>;
  logger: Logger;
  metrics: Metrics;
  /** Of what the instance hears; one that hears nothing is always well. */
  health: () => Readonly<{ live: boolean; ready: boolean }>;
  database: Readonly<{ ping(): Promise<void>; isAway(fault: unknown): boolean }>;
}>;

/** What one service serves in another way than all. */
export type Served = Omit<HttpOptions, 'logger' | 'metrics' | 'isAway'> &
  Readonly<{
    /** What is said of the interface, at `/openapi.json`. */
    openApi?: (app: INestApplication) => object;
    /** Settings and parsers of this service alone, before it listens. */
    prepare?: (app: NestExpressApplication) => void;
  }>;

/** An instance that serves, and what stops it, in order. */
export type RunningInstance = Readonly<{
  management: ManagementServer;
  /** Where HTTP listens; none in the role of a worker. */
  port: number | undefined;
  stop: readonly StopStep[];
}>;

/**
 * What the world sees of one instance of a service: health from its first moment on, HTTP once it can
 * answer. Each service opens it behind its database and messaging, builds what it is about, serves, and
 * says with `running` that it is up; until then whoever disposes of it closes everything again.
 */
export class ServiceFront implements AsyncDisposable {
  private app: NestExpressApplication | undefined;
  private listening: Readonly<{ server: Server; port: number }> | undefined;

  private constructor(
    private readonly options: FrontOptions,
    readonly management: ManagementServer,
    private readonly state: { serving: boolean },
  ) {}

  /** Alive from here on, and not ready. @throws Error if the management port is taken. */
  static async open(options: FrontOptions): Promise<ServiceFront> {
    const { config, metrics, health, database } = options;
    const state = { serving: false };
    const management = await ManagementServer.start({
      host: config.host,
      port: config.managementPort,
      metrics,
      live: [{ name: 'consumer', look: () => health().live }],
      ready: [
        { name: 'serving', look: () => state.serving },
        { name: 'consumer', look: () => health().ready },
        { name: 'database', look: () => database.ping().then(() => true) },
      ],
    });
    return new ServiceFront(options, management, state);
  }

  /**
   * Builds the application, and listens in the roles that answer. Consumers are connected to it by
   * whoever asked, afterwards. @throws Error if the port is taken.
   */
  async serve(module: DynamicModule, served: Served = {}): Promise<INestApplication> {
    const { config, logger, metrics, database } = this.options;
    const app = await NestFactory.create<NestExpressApplication>(module, httpOptions(logger));
    this.app = app;
    if (config.role === 'worker') return app;
    const { openApi, prepare, ...options } = served;
    const isAway = (thrown: unknown) => database.isAway(thrown);
    configureHttp(app, { ...options, logger, metrics, isAway });
    prepare?.(app);
    if (openApi !== undefined) serveDocument(app, openApi(app));
    await app.listen(config.port, config.host);
    const server: Server = app.getHttpServer();
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    this.listening = { server, port: address.port };
    return app;
  }

  /** Takes no more requests, answers those in hand, then lets the application go. */
  get stops(): readonly StopStep[] {
    const { app, listening } = this;
    return [
      ...(listening === undefined ? [] : [['http', () => drainHttp(listening.server)] as const]),
      ...(app === undefined ? [] : [['application', () => app.close()] as const]),
    ];
  }

  /** Ready from here on. @param stop everything that there is to stop, `stops` among it. */
  running(stop: readonly StopStep[]): RunningInstance {
    this.state.serving = true;
    return { management: this.management, port: this.listening?.port, stop };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app?.close();
    await this.management.close();
  }
}

/** Written out once: it is long, and anybody may ask for it as often as they like. */
function serveDocument(app: NestExpressApplication, document: object): void {
  const text = JSON.stringify(document);
  const express: Application = app.getHttpAdapter().getInstance();
  express.get('/openapi.json', (_: Request, response: Response) => {
    response.type('json').send(text);
  });
}
