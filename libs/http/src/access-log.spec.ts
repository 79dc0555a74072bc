import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Param, Post } from '@nestjs/common';
import { currentTraceparent } from '@hutong/telemetry';
import { eventually } from '@hutong/testing';
import { startApp, type App } from './app.examples.js';

const { promise: never } = Promise.withResolvers<object>();
const reached = Promise.withResolvers<void>();

@Controller()
class LinksController {
  @Get('pay/:token')
  open(@Param('token') token: string): object {
    return { token, traceparent: currentTraceparent() };
  }

  @Post('silent')
  silent(): Promise<object> {
    reached.resolve();
    return never;
  }
}

const opened = new AsyncDisposableStack();
let app: App;
beforeAll(async () => {
  app = opened.use(await startApp([LinksController]));
});
beforeEach(() => {
  app.lines();
});
afterAll(() => opened.disposeAsync());

/** The one line about a request, which is written when its connection has heard the last of it. */
const line = () =>
  eventually(() => app.lines().find(({ event }) => event === 'http request'), { what: 'its line' });

it('says one line with the template of the route, never with what was in the path or behind it', async () => {
  await app.answer('/pay/canary-token?openid=canary-openid');
  const said = await line();
  expect(said).toMatchObject({
    level: 'info',
    httpMethod: 'GET',
    route: '/pay/:token',
    httpStatus: 200,
    durationMs: expect.any(Number),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(JSON.stringify(said)).not.toContain('canary');
});

it.each(['/wp-admin/canary', '/pay/canary/more', '/%00canary'])(
  'makes no route of what none answers: %s',
  async (path) => {
    await app.answer(path);
    const said = await line();
    expect(said).toMatchObject({ route: 'none', httpStatus: 404 });
    expect(JSON.stringify(said)).not.toContain('canary');
  },
);

it('goes on in the trace of the caller, and tells the work of it', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
  const { body } = await app.answer('/pay/x', { headers });
  expect(body['traceparent']).toMatch(
    new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
  );
  expect(await line()).toMatchObject({ traceId: trace });
});

it('says that a caller went away before its answer', async () => {
  const gone = new AbortController();
  const asked = app.answer('/silent', { method: 'POST', signal: gone.signal });
  await reached.promise;
  gone.abort();
  await expect(asked).rejects.toThrow();
  const said = await line();
  expect(said).toMatchObject({ httpMethod: 'POST', reason: 'aborted' });
});

it('counts by method, route and status, and keeps nothing of an answer in a cache', async () => {
  const { headers } = await app.answer('/pay/x');
  await line();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('etag')).toBeNull();
  const text = await app.metrics.exposition();
  expect(text).toMatch(
    /^http_server_request_duration_seconds_count\{.*method="GET",.*route="\/pay\/:token",.*status="200".*\} \d+$/m,
  );
  expect(text).toMatch(/^http_server_request_duration_seconds_count\{.*route="none".*\} \d+$/m);
  expect(text).not.toContain('canary');
});
