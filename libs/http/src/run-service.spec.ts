import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { objectIn } from './app.examples.js';

const source = (name: string) => new URL(name, import.meta.url).href;
const hooks = source('../../testing/jest/typescript.mjs');

/** A process that `runService` has taken over; `body` may use `steps`, `running` and `never`. */
const program = (body: string) => `
  import { runService } from '${source('./run-service.ts')}';
  const say = (event, fields, cause) => console.log(JSON.stringify({ event, ...fields, cause: cause?.message }));
  const logger = { info: say, warn: say, error: say };
  const management = { draining: () => say('draining'), close: async () => say('closed') };
  const never = new Promise(() => undefined);
  const fails = () => Promise.reject(new Error('does not stop'));
  setInterval(() => undefined, 1000);
  let stop = [['consumers', async () => say('consumers')], ['http', async () => say('http')]];
  let stepTimeoutMs = 100;
  ${body}
  const running = runService({ logger, management, stop, stepTimeoutMs });
  globalThis.then?.(running);
  console.log(JSON.stringify({ event: 'up' }));`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs it, sends the signals once it is up, and answers how it ended and what it said. */
async function ran(body: string, ...signals: readonly NodeJS.Signals[]) {
  const args = ['--import', hooks, '--input-type=module', '--eval', program(body)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.push(child);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = out;
    out += text;
    if (before.includes('"up"') || !out.includes('"up"')) return;
    for (const signal of signals) child.kill(signal);
  });
  const ended: unknown[] = await once(child, 'close');
  const said = out.split('\n').filter(Boolean).map(objectIn);
  return { code: ended[0], said, events: said.map((line) => line['event']) };
}

describe('a service as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops in order at %s, and ends with 0',
    async (signal) => {
      const { code, events, said } = await ran('', signal);
      expect(code).toBe(0);
      expect(events.slice(events.indexOf('signal received'))).toEqual([
        ...['signal received', 'draining', 'consumers', 'stopped', 'http', 'stopped'],
        ...['closed', 'stopped', 'service stopped'],
      ]);
      expect(said).toContainEqual(expect.objectContaining({ event: 'stopped', step: 'http' }));
    },
  );

  it.each([
    ['fails', "stop.unshift(['relay', fails]);"],
    ['throws', "stop.unshift(['relay', () => { throw new Error('x'); }]);"],
    ['hangs', "stop.unshift(['relay', () => never]);"],
  ])('stops the rest also where one part %s, and ends with 1', async (_, body) => {
    const { code, events, said } = await ran(body, 'SIGTERM');
    expect(code).toBe(1);
    expect(said).toContainEqual(
      expect.objectContaining({ event: 'could not stop', step: 'relay' }),
    );
    expect(events).toEqual(expect.arrayContaining(['consumers', 'http', 'closed']));
  });

  it('ends at once at a second signal', async () => {
    const { code, events } = await ran(
      "stop = [['relay', () => never]]; stepTimeoutMs = 60_000;",
      ...(['SIGTERM', 'SIGINT'] as const),
    );
    expect([130, 143]).toContain(code);
    expect(events).not.toContain('closed');
  });

  it('stops in order and ends with 1 where a part cannot go on, told once or twice', async () => {
    const { code, events } = await ran(
      `globalThis.then = (running) => {
        running.crash(new Error('no broker'));
        running.crash(new Error('no broker'));
      };`,
    );
    expect(code).toBe(1);
    expect(events.filter((event) => event === 'draining')).toHaveLength(1);
    expect(events).toEqual(expect.arrayContaining(['service cannot go on', 'http', 'closed']));
  });

  it.each([
    ['thrown', "setTimeout(() => { throw new Error('bug'); }, 1);"],
    ['rejected', "setTimeout(() => void Promise.reject(new Error('bug')), 1);"],
  ])('ends with 1, as after a kill, where a fault was %s and caught by nobody', async (_, body) => {
    const { code, events, said } = await ran(body);
    expect(code).toBe(1);
    expect(said).toContainEqual(
      expect.objectContaining({ event: 'service crashed', cause: 'bug' }),
    );
    expect(events).not.toContain('draining');
  });
});
