import { setTimeout as after } from 'node:timers/promises';
import { Secret } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import { startListener } from './listener.examples.js';

/**
 * An instance of routing as a process of its own: `brokers namespace databaseUrl instance inHandMs`.
 * Says `in hand` for each event between its effect and the commit, which takes `inHandMs`.
 */
const [brokers = '', namespace = '', databaseUrl = '', instance = '', inHandMs = ''] =
  process.argv.slice(2);
const url = new URL(databaseUrl);
const password = Secret.of(decodeURIComponent(url.password));
url.password = '';

const listener = await startListener('worker', {
  instance,
  kafka: {
    brokers: brokers.split(','),
    namespace,
    timing: { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 },
  },
  config: { url, password, poolSize: 10 },
  logger: createLogger({ service: 'routing', level: 'silent' }),
  inside: async () => {
    process.stdout.write('in hand\n');
    await after(Number(inHandMs));
  },
});
process.once('SIGTERM', () => {
  void listener.stop().then(() => process.stdout.write('stopped\n'));
});
process.stdout.write('started\n');
