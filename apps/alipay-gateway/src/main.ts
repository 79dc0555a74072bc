import 'reflect-metadata';
import { systemClock } from '@hutong/config';
import { migrate } from '@hutong/database';
import { Accounts, migrationsOfGateway } from '@hutong/gateway';
import { runService } from '@hutong/http';
import { createLogger, Metrics } from '@hutong/telemetry';
import { readAlipayAccount } from './alipay.account.config.js';
import { readStoreConfig, readAlipayConfig } from './alipay.config.js';
import { startAlipay } from './alipay.module.js';

const SERVICE = 'alipay-gateway';
const USAGE = `usage: node dist/main.js [command]

no command           serves, in the role that ROLE names: api, worker or all
migrate              brings the database to the newest schema
check-accounts DIR   reads every account of a folder with its keys, sends nothing
`;

class UsageError extends Error {}

async function serve(): Promise<void> {
  const config = readAlipayConfig(process.env);
  const metrics = new Metrics(SERVICE);
  const logger = createLogger({ service: SERVICE, level: config.logLevel, metrics });
  const fatal = Promise.withResolvers<Error>();
  const around = { clock: systemClock, logger, metrics, onFatal: fatal.resolve };
  const { management, stop } = await startAlipay(config, around);
  const running = runService({ logger, management, stop });
  running.crash(await fatal.promise);
}

async function runMigrations(): Promise<void> {
  const logger = createLogger({ service: SERVICE, level: 'info' });
  await migrate(readStoreConfig(process.env), migrationsOfGateway, { logger });
}

async function checkAccounts(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new UsageError(USAGE);
  const logger = createLogger({ service: SERVICE, level: 'error' });
  const accounts = await Accounts.open(folder, readAlipayAccount, logger);
  for (const { account, platform, merchants } of accounts.all()) {
    const whom = merchants.length === 0 ? 'all other merchants' : `${merchants.length} merchants`;
    process.stdout.write(`${account}: good, for ${whom} of ${platform}\n`);
  }
  await accounts.stop();
}

async function run([command, ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case undefined:
      return serve();
    case 'migrate':
      return runMigrations();
    case 'check-accounts':
      return checkAccounts(args[0]);
    case '--help':
      process.stdout.write(USAGE);
      return;
    default:
      throw new UsageError(USAGE);
  }
}

try {
  await run(process.argv.slice(2));
} catch (cause) {
  // What our own code says of configuration and accounts names variables and fields, never values.
  process.stderr.write(`${cause instanceof Error ? cause.message : `${SERVICE} cannot start`}\n`);
  process.exit(cause instanceof UsageError ? 2 : 1);
}
