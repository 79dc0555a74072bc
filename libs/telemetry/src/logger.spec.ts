import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CANARIES, canariesIn } from '@hutong/testing';
import { safeToLog } from './log-cause.js';
import type { LogFields } from './log-fields.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { NestLogger } from './nest-logger.js';
import { withTraceparent } from './traceparent.js';

const metrics = new Metrics('spec');
const sink = new PassThrough();
const logger = createLogger({ service: 'spec', level: 'info', destination: sink, metrics });

beforeEach(() => metrics.registry.resetMetrics());

/** Every byte that was written. */
const written = (): string => String(sink.read() ?? '');
const lines = (): Record<string, unknown>[] =>
  written()
    .split('\n')
    .filter(Boolean)
    .map((line): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>);
const line = (): Record<string, unknown> => lines().at(-1) ?? {};
const droppedInAll = async (): Promise<number> => {
  const [one] = (await metrics.registry.getSingleMetric('hutong_log_fields_dropped_total')?.get())
    ?.values ?? [{ value: -1 }];
  return one?.value ?? 0;
};

/** As code that got past the types would call it. */
const untyped = (fields: object): LogFields => ({ ...fields });

describe('a line', () => {
  it('is one JSON object with a moment, a level, who says it, and what', () => {
    logger.info('payment stored', {
      platform: 'taobao',
      durationMs: 12,
      offset: 9_007_199_254_740_993n,
    });
    expect(line()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'spec',
      instance: expect.stringMatching(/:\d+$/),
      event: 'payment stored',
      platform: 'taobao',
      durationMs: 12,
      offset: '9007199254740993',
    });
  });

  it('carries what its logger was given, and the trace that the work belongs to', () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const child = logger.child({ component: 'outbox-relay' }).child({ topic: 'gateway.reports' });
    withTraceparent(`00-${trace}-00f067aa0ba902b7-01`, () => child.warn('slow', { lag: 7 }));
    const own = { component: 'outbox-relay', topic: 'gateway.reports', lag: 7 };
    expect(line()).toMatchObject({ level: 'warn', event: 'slow', traceId: trace, ...own });
  });

  it('leaves out what is not there, and does not count it', async () => {
    logger.info('stored', { reason: undefined });
    expect(line()).not.toHaveProperty('reason');
    expect(await droppedInAll()).toBe(0);
  });

  it('is not written below its level', () => {
    createLogger({ service: 'spec', level: 'error', destination: sink }).warn('too low');
    createLogger({ service: 'spec', level: 'silent', destination: sink }).error('too low');
    expect(written()).toBe('');
  });

  it('says how much of it was dropped, and so does the metric', async () => {
    logger.info('stored', untyped({ userId: 'u-1', openid: 'o-1', platform: 'taobao' }));
    expect(line()).toMatchObject({ platform: 'taobao', dropped: 2 });
    expect(await droppedInAll()).toBe(2);
  });

  it.each<[string, object]>([
    ['a number as text', { durationMs: '12' }],
    ['a text as number', { platform: 12 }],
    ['not a number', { durationMs: NaN }],
    ['too large a number', { count: 13_800_138_000 }],
    ['an object', { reason: { text: 'x' } }],
    ['a list', { reason: ['x'] }],
    ['nothing at all', { reason: null }],
    ['another shape of id', { paymentId: '6222021234567890123' }],
    ['upper case for a slug', { platform: 'Taobao' }],
    ['a prototype', { constructor: 'x' }],
  ])('drops %s', (_, fields) => {
    logger.info('stored', untyped(fields));
    const said = line();
    expect(said['dropped']).toBe(1);
    expect(Object.keys(said)).not.toContain(Object.keys(fields)[0]);
  });
});

describe('no data of people, providers or platforms is written', () => {
  class Thrown extends Error {
    readonly code: string;
    readonly detail: string;
    constructor(canary: string) {
      super(canary);
      [this.name, this.code, this.detail] = [canary, canary, canary];
    }
  }
  const nested = (canary: string) =>
    new Error(`outer ${canary}`, {
      cause: new AggregateError([new Thrown(canary), canary], canary, { cause: { body: canary } }),
    });
  /** Its message was changed after its stack was taken, which still begins with the old one. */
  const rewritten = (canary: string, message: string) => {
    const error = new Error(`first\n    at ${canary} (/${canary}:1:1)\n    at /${canary}:1:1`);
    expect(error.stack).toContain(canary); // read once, it is kept
    error.message = message;
    return error;
  };
  const nest = new NestLogger(logger);
  const fields = [
    ...['platform', 'account', 'reason', 'code', 'status', 'step', 'signal', 'component', 'route'],
    ...['method', 'type', 'topic', 'group', 'paymentId', 'eventId', 'attemptId', 'refundId'],
    ...['httpMethod', 'migration', 'policyVersion', 'traceId', 'userId', 'body'],
  ];

  it.each<[string, (canary: string) => void]>([
    ['as an event', (canary) => logger.info(canary)],
    ['at the end of an event', (canary) => logger.warn(`paid by ${canary}`)],
    ...fields.map((name): [string, (canary: string) => void] => [
      `in ${name}`,
      (canary) => logger.info('stored', untyped({ [name]: canary })),
    ]),
    ['as a field', (canary) => logger.info('stored', untyped({ [canary]: canary }))],
    ['in a child', (canary) => logger.child(untyped({ reason: canary })).info('stored')],
    ['deep in a field', (canary) => logger.info('stored', untyped({ reason: { a: [canary] } }))],
    ['thrown as text', (canary) => logger.error('failed', {}, canary)],
    ['thrown as an object', (message) => logger.error('failed', {}, { message, stack: message })],
    ['in an error', (canary) => logger.error('failed', {}, new Thrown(canary))],
    ['behind an error', (canary) => logger.error('failed', {}, nested(canary))],
    ['in a rewritten error', (canary) => logger.error('failed', {}, rewritten(canary, 'second'))],
    ['in an emptied error', (canary) => logger.error('failed', {}, rewritten(canary, ''))],
    ['said by Nest', (canary) => nest.log(canary, canary)],
    ['warned of by Nest', (canary) => nest.warn({ body: canary }, canary)],
    ['reported by Nest', (canary) => nest.error(canary, new Thrown(canary).stack, canary)],
    ['thrown at Nest', (canary) => nest.error(nested(canary), canary)],
    ['fatal to Nest', (canary) => nest.fatal(canary, canary)],
    ['in a trace', (canary) => withTraceparent(canary, () => logger.info('stored'))],
  ])('%s', (_, say) => {
    const leaked = CANARIES.flatMap(([, canary]) => {
      say(canary);
      const bytes = written();
      expect(bytes).not.toBe('');
      return canariesIn(bytes);
    });
    expect(leaked).toEqual([]);
  });
});

describe('an error', () => {
  const logged = (fault: unknown): unknown => {
    logger.error('failed', {}, fault);
    return line()['error'];
  };

  it('is told by its name, its code and where it happened', () => {
    const fault = Object.assign(new TypeError('secret'), { code: 'ECONNREFUSED' });
    expect(logged(fault)).toEqual({
      name: 'TypeError',
      code: 'ECONNREFUSED',
      frames: expect.arrayContaining([
        expect.stringMatching(/libs\/telemetry\/src\/logger\.spec\.[jt]s:\d+:\d+/),
      ]),
    });
  });

  it('is told by its message where its class vouches for it', () => {
    class Vouched extends Error {
      readonly [safeToLog] = true;
      override readonly name = 'Vouched';
    }
    expect(logged(new Vouched('no answer: timeout'))).toMatchObject({
      name: 'Vouched',
      message: 'no answer: timeout',
    });
  });

  it('is told with what is behind it, to an end', () => {
    const ring = new Error('a');
    ring.cause = new RangeError('b', { cause: ring });
    const first = logged(ring);
    expect(first).toMatchObject({ name: 'Error', cause: { name: 'RangeError' } });
    expect(JSON.stringify(first).split('"frames"')).toHaveLength(5);
    expect(logged(new AggregateError([new TypeError('c')], 'd'))).toMatchObject({
      name: 'AggregateError',
      errors: [{ name: 'TypeError' }],
    });
  });

  it.each<[unknown, string]>([
    ['text', 'thrown string'],
    [undefined, ''],
    [null, 'thrown object'],
    [42, 'thrown number'],
  ])('is told of by its kind where %j was thrown', (fault, name) => {
    expect(logged(fault)).toEqual(name === '' ? undefined : { name, frames: [] });
  });
});

describe('what Nest says', () => {
  it('passes in its own words, with the class that says it', () => {
    new NestLogger(logger).log('Starting Nest application...', 'NestFactory');
    expect(line()).toMatchObject({
      event: 'Starting Nest application...',
      component: 'NestFactory',
    });
    new NestLogger(logger).error(new Error('x'), 'ExceptionsHandler');
    expect(line()).toMatchObject({
      level: 'error',
      event: 'nest reported an error',
      component: 'ExceptionsHandler',
      error: { name: 'Error' },
    });
  });
});
