import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Metrics } from '@hutong/telemetry';
import { aLog, objectIn } from './app.examples.js';
import { ServiceFront, type FrontOptions } from './service-front.js';

/** As a database that is away would throw it. */
class Away extends Error {}

@Controller('orders')
class OrdersController {
  @Get()
  orders(): object {
    return { orders: [] };
  }

  @Get('away')
  none(): never {
    throw new Away();
  }
}

@Module({})
class SpecModule {}
const module = { module: SpecModule, controllers: [OrdersController] };

let opened = new AsyncDisposableStack();
afterEach(async () => {
  const all = opened;
  opened = new AsyncDisposableStack();
  await all.disposeAsync();
});

const open = async (over: Partial<FrontOptions> = {}, role: 'all' | 'worker' = 'all') =>
  opened.use(
    await ServiceFront.open({
      config: { role, host: '127.0.0.1', port: 0, managementPort: 0 },
      logger: aLog().logger,
      metrics: new Metrics('spec'),
      health: () => ({ live: true, ready: true }),
      database: { ping: () => Promise.resolve(), isAway: () => false },
      ...over,
    }),
  );

const statusAt = async (port: number | undefined, path: string, method = 'GET') =>
  (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;

describe('an instance of a service', () => {
  it('is alive before it serves, and ready only once it is said to run', async () => {
    const front = await open();
    const { management } = front;
    expect(await statusAt(management.port, '/health/live')).toBe(200);
    await front.serve(module);
    expect(await statusAt(management.port, '/health/ready')).toBe(503);
    const { port } = front.running([]);
    expect(await statusAt(management.port, '/health/ready')).toBe(200);
    expect(await statusAt(port, '/orders')).toBe(200);
  });

  it.each<[string, Partial<FrontOptions>, object]>([
    [
      'what it hears',
      { health: () => ({ live: true, ready: false }) },
      { serving: 'up', consumer: 'down', database: 'up' },
    ],
    [
      'its database',
      { database: { ping: () => Promise.reject(new Error('away')), isAway: () => true } },
      { serving: 'up', consumer: 'up', database: 'down' },
    ],
  ])('is not ready without %s', async (_, over, checks) => {
    const front = await open(over);
    front.running([]);
    const answer = await fetch(`http://127.0.0.1:${front.management.port}/health/ready`);
    expect([answer.status, objectIn(await answer.text())]).toMatchObject([503, { checks }]);
  });

  it('answers 503 where its database says that it is away', async () => {
    const isAway = (fault: unknown) => fault instanceof Away;
    const front = await open({ database: { ping: () => Promise.resolve(), isAway } });
    await front.serve(module);
    expect(await statusAt(front.running([]).port, '/orders/away')).toBe(503);
    const other = await open();
    await other.serve(module);
    expect(await statusAt(other.running([]).port, '/orders/away')).toBe(500);
  });

  it('shows its document to whoever gets it, and takes none', async () => {
    const front = await open();
    await front.serve(module, { openApi: () => ({ openapi: '3.0.0' }) });
    const { port } = front.running([]);
    const statuses = [
      await statusAt(port, '/openapi.json'),
      await statusAt(port, '/openapi.json', 'HEAD'),
      await statusAt(port, '/openapi.json', 'POST'),
      await statusAt(port, '/openapi.json/more'),
    ];
    expect(statuses).toEqual([200, 200, 405, 404]);
  });

  it('listens to nobody as a worker, and has an application all the same', async () => {
    const front = await open({}, 'worker');
    await front.serve(module);
    expect(front.running([]).port).toBeUndefined();
    expect(front.stops.map(([name]) => name)).toEqual(['application']);
  });

  it('stops its HTTP before its application, and closes all of it if it never ran', async () => {
    const front = await open();
    await front.serve(module);
    const { port, management } = front.running([]);
    expect(front.stops.map(([name]) => name)).toEqual(['http', 'application']);
    for (const [, stop] of front.stops) await stop();
    await expect(statusAt(port, '/orders')).rejects.toThrow('fetch failed');
    const at = management.port;
    await front[Symbol.asyncDispose]();
    await expect(statusAt(at, '/health/live')).rejects.toThrow('fetch failed');
  });
});
