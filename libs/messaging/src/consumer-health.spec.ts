import { beforeEach, expect, it } from '@jest/globals';
import { Metrics } from '@hutong/telemetry';
import { FixedClock } from '@hutong/testing';
import { Kafka, type Consumer } from 'kafkajs';
import { ConsumerHealth } from './consumer-health.js';
import { consumerMetrics } from './consumer-metrics.js';

const SESSION_MS = 30_000;
const READY = { live: true, ready: true, reason: undefined };

let clock: FixedClock;
let health: ConsumerHealth;
let fatal: Error[];
/** A consumer that never connects: its events are told by hand. */
let heard: Map<string, (payload: object) => void>;

beforeEach(() => {
  clock = new FixedClock('2026-11-24T08:00:00.000Z');
  fatal = [];
  heard = new Map();
  const metrics = consumerMetrics(new Metrics('routing'));
  health = new ConsumerHealth({ clock, metrics, sessionMs: SESSION_MS });
  const consumer = new Kafka({ brokers: ['nowhere:9092'] }).consumer({ groupId: 'spec' });
  const watched: Pick<Consumer, 'on' | 'events'> = {
    events: consumer.events,
    on: (name: string, listener: (event: never) => void) => {
      heard.set(name, (payload) => {
        Reflect.apply(listener, undefined, [{ payload }]);
      });
      return () => undefined;
    },
  };
  health.watch(watched, (cause) => void fatal.push(cause));
});

const tell = (name: string, payload: object = {}) => heard.get(`consumer.${name}`)?.(payload);

it('is ready once it has joined, and not while the group rebalances', () => {
  expect(health.read()).toMatchObject({ live: true, ready: false });
  tell('group_join');
  expect(health.read()).toEqual(READY);
  tell('rebalancing');
  expect(health.read()).toMatchObject({ ready: false, reason: 'not a member of the group' });
});

it.each<{ silentMs: number; ready: boolean }>`
  silentMs          | ready
  ${SESSION_MS}     | ${true}
  ${SESSION_MS + 1} | ${false}
`('$silentMs ms without an answer of the broker: ready is $ready', ({ silentMs, ready }) => {
  tell('group_join');
  clock.advance(silentMs);
  expect(health.read().ready).toBe(ready);
});

it.each(['heartbeat', 'fetch'])('a %s alone is an answer', (event) => {
  tell('group_join');
  clock.advance(SESSION_MS);
  tell(event);
  clock.advance(SESSION_MS);
  expect(health.read()).toEqual(READY);
});

it('is not ready while any partition is blocked, until each goes on or the group is joined anew', () => {
  tell('group_join');
  health.setBlocked('checkout.payments/0', true);
  health.setBlocked('checkout.payments/1', true);
  health.setBlocked('checkout.payments/1', false);
  expect(health.read()).toMatchObject({ ready: false });
  health.setBlocked('checkout.payments/0', false);
  expect(health.read()).toEqual(READY);

  health.setBlocked('checkout.payments/0', true);
  tell('group_join'); // the partition may be another member's now
  expect(health.read()).toEqual(READY);
});

it('survives a crash that kafkajs mends, and no other', () => {
  tell('group_join');
  tell('crash', { restart: true, error: new Error('broker away') });
  expect(health.read()).toMatchObject({ live: true, ready: false });
  expect(fatal).toEqual([]);
  const error = new Error('not authorized');
  tell('crash', { restart: false, error });
  expect(health.read()).toEqual({ live: false, ready: false, reason: 'consumer crashed' });
  expect(fatal).toEqual([error]);
});

it('is ready where nobody hears anything', () => {
  health.setIdle();
  expect(health.read()).toEqual(READY);
  health.setDraining();
  expect(health.read()).toMatchObject({ live: true, ready: false, reason: 'stopping' });
});
