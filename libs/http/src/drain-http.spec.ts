import { Agent, request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { startApp } from './app.examples.js';
import { drainHttp } from './drain-http.js';

/** Holds requests until the spec lets them go. */
class Gate {
  readonly reached = Promise.withResolvers<void>();
  readonly opened = Promise.withResolvers<void>();
}
let gate = new Gate();

@Controller()
class SlowController {
  @Get('slow')
  async slow(): Promise<object> {
    const { reached, opened } = gate;
    reached.resolve();
    await opened.promise;
    return { done: true };
  }

  @Get('quick')
  quick(): object {
    return {};
  }
}

/** One request on a connection that is kept: what came, and whether it may be used again. */
function kept(
  agent: Agent,
  url: string,
): Promise<{ body: string; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ body, connection: response.headers.connection }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('a server that drains', () => {
  it('finishes what is in flight, takes nothing new, and is then closed', async () => {
    gate = new Gate();
    await using app = await startApp([SlowController]);
    const inFlight = app.answer('/slow');
    await gate.reached.promise;

    const drained = drainHttp(app.server);

    await expect(app.answer('/quick')).rejects.toThrow('fetch failed');
    gate.opened.resolve();
    expect(await inFlight).toMatchObject({ status: 200, body: { done: true } });
    await drained;
    expect(app.server.listening).toBe(false);
  });

  it('does not wait for connections that are kept and idle', async () => {
    await using app = await startApp([SlowController]);
    const agent = new Agent({ keepAlive: true });
    expect(await kept(agent, `${app.url}/quick`)).toMatchObject({ connection: 'keep-alive' });
    const started = performance.now();
    await drainHttp(app.server);
    expect(performance.now() - started).toBeLessThan(2_000);
    agent.destroy();
  });

  it('asks who still comes on a kept connection to open the next one elsewhere', async () => {
    gate = new Gate();
    await using app = await startApp([SlowController]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const [slow, next] = [kept(agent, `${app.url}/slow`), kept(agent, `${app.url}/quick`)];
    await gate.reached.promise;
    const drained = drainHttp(app.server);
    gate.opened.resolve();
    expect((await slow).body).toBe('{"done":true}');
    // Its turn on the one connection came when that was already being closed, or just before.
    const answer = await next.catch(() => undefined);
    if (answer !== undefined) expect(answer.connection).toBe('close');
    await drained;
    agent.destroy();
  });

  it('cuts what takes longer than its patience', async () => {
    gate = new Gate();
    await using app = await startApp([SlowController]);
    const inFlight = app.answer('/slow');
    await gate.reached.promise;
    const cut = expect(inFlight).rejects.toThrow('fetch failed');
    await drainHttp(app.server, 50);
    await cut;
    gate.opened.resolve();
  });

  it('may be asked twice', async () => {
    await using app = await startApp([SlowController]);
    await Promise.all([drainHttp(app.server), drainHttp(app.server)]);
  });
});
