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
import { describeOpenApi } from './openapi.adapter.js';
import { describePolicies, explainRequest } from './policy/policy-commands.adapter.js';
import { policySchema } from './policy/policy-shape.js';
import { readRoutingConfig } from './routing.config.js';
import { startRouting } from './start-routing.adapter.js';
import { recallDecisions } from './rewind/recalled-decisions.repository.js';
import { migrations, openDatabase } from './store/database.repository.js';

const USAGE = `usage: node dist/main.js [command]

no command   serves, in the role that ROLE names: api, worker or all
migrate      brings the database to the newest schema
openapi      prints the OpenAPI document

policy-schema               prints the JSON Schema of a policy file
validate-policies DIR       says what stands in the policies of a folder, or every mistake in them
explain DIR REQUEST.json    a dry run: what they would answer to a request, and why
${REDRIVE_USAGE}
${REWIND_USAGE}
`;

async function runMigrations(): Promise<void> {
  const logger = createLogger({ service: 'routing', level: 'info' });
  await migrate(readStoreConfig(process.env), migrations, { logger });
}

async function redrive(args: readonly string[]): Promise<void> {
  const asked = readRedriveArguments('routing', args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const around = { service: 'routing', migrations, env: process.env, print } as const;
  process.exitCode = (await runRedrive(asked.value, around)) ? 0 : 1;
}

async function rewind(args: readonly string[]): Promise<void> {
  const asked = readRewindArguments(args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const around = { service: 'routing', migrations, env: process.env, print } as const;
  const logger = createLogger({ service: 'routing', level: 'error' });
  await runRewind(asked.value, around, async (memory) => {
    await using db = openDatabase(readStoreConfig(process.env), logger);
    return await recallDecisions(db, memory);
  });
}

async function openapi(): Promise<void> {
  print(JSON.stringify(await describeOpenApi(), null, 2));
}

async function validatePolicies(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new UsageError(USAGE);
  print(await describePolicies(folder, systemClock.now()));
}

async function explain(folder: string | undefined, file: string | undefined): Promise<void> {
  if (folder === undefined || file === undefined) throw new UsageError(USAGE);
  print(await explainRequest(folder, file, systemClock.now()));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function run([command, ...args]: readonly string[]): Promise<void> {
  const [first, second] = args;
  switch (command) {
    case undefined:
      return serve('routing', readRoutingConfig(process.env), startRouting);
    case 'migrate':
      return runMigrations();
    case 'openapi':
      return openapi();
    case 'rewind':
      return rewind(args);
    case 'redrive':
      return redrive(args);
    case 'policy-schema':
      return print(JSON.stringify(policySchema, null, 2));
    case 'validate-policies':
      return validatePolicies(first);
    case 'explain':
      return explain(first, second);
    case '--help':
      return print(USAGE);
    default:
      throw new UsageError(USAGE);
  }
}

await runCommands('routing', () => run(process.argv.slice(2)));
