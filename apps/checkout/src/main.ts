import 'reflect-metadata';
import { readStoreConfig, systemClock } from '@hutong/config';
import { migrate } from '@hutong/database';
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
import { ApiKeys } from './access/api-keys.repository.js';
import { KEYS_USAGE, runKeysCommand } from './access/keys-command.adapter.js';
import { readCheckoutConfig } from './checkout.config.js';
import { describeOpenApi } from './openapi.adapter.js';
import { statesPage } from './payment/states-page.js';
import { recallPayments } from './rewind/recalled-payments.repository.js';
import { startCheckout } from './start-checkout.adapter.js';
import { migrations, openDatabase } from './store/database.repository.js';

const USAGE = `usage: node dist/main.js [command]

no command   serves, in the role that ROLE names: api, worker or all
migrate      brings the database to the newest schema
openapi      prints the OpenAPI document
states       prints the state machine, as docs/payment-states.md has it
${KEYS_USAGE}
${REDRIVE_USAGE}
${REWIND_USAGE}
`;

async function runMigrations(): Promise<void> {
  const logger = createLogger({ service: 'checkout', level: 'info' });
  await migrate(readStoreConfig(process.env), migrations, { logger });
}

async function keys(args: readonly string[]): Promise<void> {
  const logger = createLogger({ service: 'checkout', level: 'error' });
  await using db = openDatabase(readStoreConfig(process.env), logger);
  print(...(await runKeysCommand(args, new ApiKeys(db, systemClock))));
}

async function redrive(args: readonly string[]): Promise<void> {
  const asked = readRedriveArguments('checkout', args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const around = { service: 'checkout', migrations, env: process.env, print } as const;
  process.exitCode = (await runRedrive(asked.value, around)) ? 0 : 1;
}

async function rewind(args: readonly string[]): Promise<void> {
  const asked = readRewindArguments(args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const around = { service: 'checkout', migrations, env: process.env, print } as const;
  const logger = createLogger({ service: 'checkout', level: 'error' });
  await runRewind(asked.value, around, async (memory) => {
    await using db = openDatabase(readStoreConfig(process.env), logger);
    return await recallPayments(db, memory);
  });
}

async function openapi(): Promise<void> {
  const publicUrl = new URL(process.env['PUBLIC_URL'] ?? 'http://localhost:3000');
  print(JSON.stringify(await describeOpenApi(publicUrl), null, 2));
}

function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

async function run([command, ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case undefined:
      return serve('checkout', readCheckoutConfig(process.env), startCheckout);
    case 'migrate':
      return runMigrations();
    case 'keys':
      return keys(args);
    case 'rewind':
      return rewind(args);
    case 'redrive':
      return redrive(args);
    case 'openapi':
      return openapi();
    case 'states':
      return print(statesPage());
    case '--help':
      return print(USAGE);
    default:
      throw new UsageError(USAGE);
  }
}

await runCommands('checkout', () => run(process.argv.slice(2)));
