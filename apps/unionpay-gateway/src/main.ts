import 'reflect-metadata';
import { systemClock } from '@hutong/config';
import { migrate } from '@hutong/database';
import { Accounts, migrationsOfGateway } from '@hutong/gateway';
import { runService } from '@hutong/http';
import { createLogger, Metrics } from '@hutong/telemetry';
import { readUnionpayAccount } from './unionpay.account.config.js';
import { readStoreConfig, readUnionpayConfig } from './unionpay.config.js';
import { startUnionpay } from './unionpay.module.js';

const SERVICE = 'unionpay-gateway';
const USAGE = `usage: node dist/main.js [command]

no command           serves, in the role that ROLE names: api, worker or all
migrate              brings the database to the newest schema
check-accounts DIR   reads every account of a folder with its keys, sends nothing
`;

class UsageError extends Error {}

async function serve(): Promise<void> {
  const config = readUnionpayConfig(process.env);
  const metrics = new Metrics(SERVICE);
  const logger = createLogger({ service: SERVICE, level: config.logLevel, metrics });
  const fatal = Promise.withResolvers<Error>();
  const around = { clock: systemClock, logger, metrics, onFatal: fatal.resolve };
  const { management, stop } = await startUnionpay(config, around);
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
  const accounts = await Accounts.open(folder, readUnionpayAccount, logger);
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
