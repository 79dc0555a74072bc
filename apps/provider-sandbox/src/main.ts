import 'reflect-metadata';
import { systemClock } from '@hutong/config';
import { runService } from '@hutong/http';
import { createLogger, Metrics } from '@hutong/telemetry';
import { readSandboxConfig } from './sandbox.config.js';
import { startSandbox } from './start-sandbox.adapter.js';

const USAGE = `usage: node dist/main.js

Plays the payment providers for development, tests and demos. Everything is in memory: a restart is a new world
with new keys. README.md describes the control API.

HOST             127.0.0.1   what to listen on; another than loopback needs EXPOSE
PORT             3100        control API and payer page
WECHAT_PORT      3101        WeChat Pay's API
ALIPAY_PORT      3102        Alipay's API
UNIONPAY_PORT    3103        UnionPay's API
PROXY_PORT       3110        leads clients that fix their provider's host name here, over TLS
PAGES_URL                    where payers reach the pages, if not on this machine
MANAGEMENT_PORT  9100        health and metrics
EXPOSE                       pages: other machines may use the provider and the payer page
                             all: the control API too, which hands out private keys
LOG_LEVEL        info
`;

async function serve(): Promise<void> {
  const config = readSandboxConfig(process.env);
  const metrics = new Metrics('provider-sandbox');
  const logger = createLogger({ service: 'provider-sandbox', level: config.logLevel, metrics });
  const { management, stop } = await startSandbox(config, { clock: systemClock, logger, metrics });
  runService({ logger, management, stop });
}

const [command] = process.argv.slice(2);
if (command !== undefined) {
  (command === '--help' ? process.stdout : process.stderr).write(USAGE);
  process.exit(command === '--help' ? 0 : 2);
}
try {
  await serve();
} catch (cause) {
  // What our own code says of configuration names variables, never values.
  process.stderr.write(`${cause instanceof Error ? cause.message : 'the sandbox cannot start'}\n`);
  process.exit(1);
}
