import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import type { Journey } from '../load/journey.js';
import { Balancer } from './balancer.js';
import { Endings } from './endings.js';
import { Quota } from './quota.js';
import { scaleResults, type ScaleRun } from './scale-results.js';

const journey: Journey = { provider: 'wechat', offerMs: 1, actionMs: 1, bookMs: 1, wholeMs: 3 };

it('knows the longest time without an ending, edges included', () => {
  const endings = new Endings();
  for (const at of [5, 100, 130, 400]) endings.add(at, journey);

  expect(endings.between(100, 400)).toHaveLength(2);
  expect(endings.longestGap(100, 140)).toBe(30);
  expect(endings.longestGap(0, 101)).toBe(95);
  expect(endings.longestGap(120, 401)).toBe(270);
  expect(endings.longestGap(131, 399)).toBe(268);
});

const aRun = (perSecond: number, o: Partial<ScaleRun> = {}): ScaleRun => ({
  ...{ perSecond, othersMs: [100], change: 0, standstillMs: 50, othersStandstillMs: 10, ...o },
});

describe('the figures of scaling', () => {
  const measured = new Map([
    ['1', [aRun(10), aRun(12, { othersMs: [120], change: -1, standstillMs: 70 }), aRun(11)]],
    ['2', [aRun(22, { change: 1, standstillMs: 900 })]],
    ['3', [aRun(20, { change: 1, standstillMs: 300, othersMs: [121] })]],
  ] as const);
  const results = new Map(scaleResults(measured).map((one) => [one.metric, one]));

  it.each<{ metric: string; expected: object }>`
    metric                                              | expected
    ${'throughput, one instance'}                       | ${{ value: 11 }}
    ${'throughput, 2 instances / one'}                  | ${{ value: 2, aim: '≥ 1.5', met: true }}
    ${'throughput, 3 instances / one'}                  | ${{ value: 1.818, aim: '≥ 2', met: false }}
    ${'the others all the way round, p50, 2 instances'} | ${{ aim: 'inside 100 to 120', met: true }}
    ${'the others all the way round, p50, 3 instances'} | ${{ value: 121, met: false }}
    ${'no progress, no change, median'}                 | ${{ value: 50 }}
    ${'no progress, an instance more, worst'}           | ${{ value: 900 }}
    ${'no progress, an instance less, median'}          | ${{ value: 70 }}
  `('$metric', ({ metric, expected }) => {
    expect(results.get(metric)).toMatchObject(expected);
  });
});

it('freezes and continues in turns, and leaves nobody frozen', async () => {
  const [one, other]: NodeJS.Signals[][] = [[], []];
  const told = (signals: NodeJS.Signals[] = []) => ({
    signal: (s: NodeJS.Signals) => void signals.push(s),
  });
  {
    using quota = new Quota(0.1);
    quota.hold([told(one)]);
    await eventually(() => one?.includes('SIGSTOP'), { what: 'the first to be frozen' });
    quota.hold([told(other)]);
    expect(one?.at(-1)).toBe('SIGCONT');
    await eventually(() => other?.includes('SIGSTOP'), { what: 'the other to be frozen' });
  }
  expect(other?.at(-1)).toBe('SIGCONT');
});

describe('the balancer', () => {
  const heard: string[] = [];
  const servers: Server[] = [];
  const instance = async (name: string): Promise<URL> => {
    const server = createServer((asked, answer) => {
      asked.setEncoding('utf8').on('data', (said: string) => heard.push(`${asked.url} ${said}`));
      asked.on('end', () => answer.writeHead(201).end(`of ${name}`));
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  };
  afterEach(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  it('passes each request on to the next instance, with what it says', async () => {
    await using balancer = await Balancer.listen();
    const post = async () => {
      const answer = await fetch(new URL('/told?x=1', balancer.url), {
        method: 'POST',
        body: 'paid',
        signal: AbortSignal.timeout(10_000),
      });
      return `${answer.status} ${await answer.text()}`;
    };

    balancer.to(await Promise.all([instance('a'), instance('b')]));
    const answers = [await post(), await post()];
    balancer.to([]);
    const lost = await post();

    expect(heard).toEqual(['/told?x=1 paid', '/told?x=1 paid']);
    expect(answers.toSorted()).toEqual(['201 of a', '201 of b']);
    expect(lost).toBe('502 ');
  });
});
