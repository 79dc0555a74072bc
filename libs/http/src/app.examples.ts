import 'reflect-metadata';
import type { Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { createLogger, Metrics, type Logger } from '@hutong/telemetry';
import { Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureHttp, httpOptions, type HttpOptions } from './configure-http.js';

/** A service of the spec's own, configured as every service of the ring is. */
export type App = AsyncDisposable &
  Readonly<{
    url: string;
    port: number;
    server: Server;
    metrics: Metrics;
    /** The lines of the log since it was last asked. */
    lines(): Record<string, unknown>[];
    answer(path: string, init?: RequestInit): Promise<Answer>;
  }>;

export type Answer = Readonly<{
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}>;

export function aLog(): Readonly<{ logger: Logger; lines: App['lines'] }> {
  const sink = new PassThrough();
  return {
    logger: createLogger({ service: 'spec', level: 'info', destination: sink }),
    lines: () =>
      String(sink.read() ?? '')
        .split('\n')
        .filter(Boolean)
        .map(objectIn),
  };
}

/** @param limits of the server, to make those of time short enough for a spec. */
export async function startApp(
  controllers: readonly Type<unknown>[],
  {
    providers = [],
    limits = {},
    ...options
  }: Omit<HttpOptions, 'logger'> & { providers?: readonly Provider[]; limits?: object } = {},
): Promise<App> {
  @Module({ controllers: [...controllers], providers: [...providers] })
  class AppModule {}
  const { logger, lines } = aLog();
  const metrics = new Metrics('spec');
  const app = await NestFactory.create<NestExpressApplication>(AppModule, httpOptions(logger));
  configureHttp(app, { logger, metrics, ...options });
  const server: Server = app.getHttpServer();
  Object.assign(server, limits);
  await app.listen(0, '127.0.0.1');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    port: address.port,
    server,
    metrics,
    lines,
    answer: async (path, init) => {
      const answer = await fetch(url + path, init);
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') === true;
      const body = isJson ? objectIn(text) : {};
      return { status: answer.status, headers: answer.headers, text, body };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await app.close();
    },
  };
}

export const objectIn = (text: string): Record<string, unknown> => {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
  return { ...parsed };
};
