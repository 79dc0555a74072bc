import 'reflect-metadata';
import { readStoreConfig } from '@hutong/config';
import { migrate, pendingMigrations } from '@hutong/database';
import { runCommands, serve, UsageError } from '@hutong/http';
import {
  REDRIVE_USAGE,
  readRedriveArguments,
  readRewindArguments,
  REWIND_USAGE,
  runRedrive,
  runRewind,
} from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import { readLedgerConfig } from './ledger.config.js';
import { describeOpenApi } from './openapi.adapter.js';
import { startLedger } from './start-ledger.adapter.js';
import { migrations, openDatabase } from './store/database.repository.js';
import { readVerifyArguments, runVerify, VERIFY_USAGE } from './verify/verify-command.adapter.js';

const USAGE = `usage: node dist/main.js [command]

no command   serves, in the role that ROLE names: api, worker or all
migrate      brings the database to the newest schema
openapi      prints the OpenAPI document
${VERIFY_USAGE}
${REDRIVE_USAGE}
${REWIND_USAGE}
`;

async function runMigrations(): Promise<void> {
  const logger = createLogger({ service: 'ledger', level: 'info' });
  await migrate(readStoreConfig(process.env), migrations, { logger });
}

async function openapi(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await describeOpenApi(), null, 2)}\n`);
}

async function verify(args: readonly string[]): Promise<void> {
  const { help, json } = readVerifyArguments(args);
  if (help) {
    process.stdout.write(`usage: node dist/main.js ${VERIFY_USAGE}\n`);
    return;
  }
  const logger = createLogger({ service: 'ledger', level: 'error' });
  const config = readStoreConfig(process.env);
  if ((await pendingMigrations(config, migrations)).length > 0) {
    throw new Error('the database lacks migrations: run migrate first');
  }
  await using db = openDatabase(config, logger);
  const whole = await runVerify(
    db,
    { json },
    { out: print, progress: (l) => process.stderr.write(`${l}\n`) },
  );
  process.exitCode = whole ? 0 : 1;
}

async function redrive(args: readonly string[]): Promise<void> {
  const asked = readRedriveArguments('ledger', args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const around = { service: 'ledger', migrations, env: process.env, print } as const;
  process.exitCode = (await runRedrive(asked.value, around)) ? 0 : 1;
}

/** Outcomes are complete in themselves: hearing them again is all it takes. */
async function rewind(args: readonly string[]): Promise<void> {
  const asked = readRewindArguments(args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const around = { service: 'ledger', migrations, env: process.env, print } as const;
  await runRewind(asked.value, around, () => Promise.resolve([]));
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function run([command, ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case undefined:
      return serve('ledger', readLedgerConfig(process.env), startLedger);
    case 'migrate':
      return runMigrations();
    case 'openapi':
      return openapi();
    case 'verify':
      return verify(args);
    case 'rewind':
      return rewind(args);
    case 'redrive':
      return redrive(args);
    case '--help':
      process.stdout.write(USAGE);
      return;
    default:
      throw new UsageError(USAGE);
  }
}

await runCommands('ledger', () => run(process.argv.slice(2)));
