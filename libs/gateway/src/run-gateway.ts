import { readStoreConfig, type ServiceConfig } from '@hutong/config';
import { migrate } from '@hutong/database';
import { gatewayService, type Provider } from '@hutong/domain-events';
import { runCommands, serve, UsageError } from '@hutong/http';
import { REDRIVE_USAGE, readRedriveArguments, REWIND_USAGE, runRedrive } from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import { Accounts, type Account, type ReadAccount } from './accounts.js';
import type { AskedBy } from './maybe-sent.repository.js';
import { rewindGateway } from './rewind-gateway.js';
import { migrationsOfGateway, type RunningGateway, type Surroundings } from './start-gateway.js';

const USAGE = `usage: node dist/main.js [command]

no command           serves, in the role that ROLE names: api, worker or all
migrate              brings the database to the newest schema
check-accounts DIR   reads every account of a folder with its keys, sends nothing
${REDRIVE_USAGE}
${REWIND_USAGE}
`;

/** What a gateway's process is made of, beside what all have. */
export type GatewayProgram<C extends ServiceConfig> = AskedBy &
  Readonly<{
    provider: Provider;
    readConfig: (env: NodeJS.ProcessEnv) => C;
    readAccount: ReadAccount<Account>;
    start: (config: C, around: Surroundings) => Promise<RunningGateway>;
  }>;

/** What its process was asked for, and where the answer to a command goes. */
export type Asked = Readonly<{
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  print: (text: string) => void;
}>;

/** All of a gateway's `main`: serves, or does what the arguments of the process ask for. */
export async function runGateway<C extends ServiceConfig>(
  program: GatewayProgram<C>,
  { argv, env, stdout }: Pick<NodeJS.Process, 'argv' | 'env' | 'stdout'>,
): Promise<void> {
  const print = (text: string) => void stdout.write(text);
  const asked = { args: argv.slice(2), env, print };
  await runCommands(gatewayService[program.provider], () => perform(program, asked));
}

/** @throws UsageError if nothing can be asked for so; Error naming what of configuration or accounts is bad. */
export async function perform<C extends ServiceConfig>(
  program: GatewayProgram<C>,
  { args: [command, ...args], env, print }: Asked,
): Promise<void> {
  const service = gatewayService[program.provider];
  const [folder] = args;
  switch (command) {
    case undefined:
      return serve(service, program.readConfig(env), program.start);
    case 'migrate': {
      const logger = createLogger({ service, level: 'info' });
      await migrate(readStoreConfig(env), migrationsOfGateway, { logger });
      return;
    }
    case 'check-accounts': {
      if (folder === undefined) throw new UsageError(USAGE);
      const logger = createLogger({ service, level: 'error' });
      const accounts = await Accounts.open(folder, program.readAccount, logger);
      for (const account of accounts.all()) print(`${praiseOf(account)}\n`);
      return accounts.stop();
    }
    case 'redrive': {
      const asked = readRedriveArguments(service, args);
      if (!asked.ok) throw new UsageError(asked.refusal);
      const line = (text: string) => print(`${text}\n`);
      const around = { service, migrations: migrationsOfGateway, env, print: line };
      process.exitCode = (await runRedrive(asked.value, around)) ? 0 : 1;
      return;
    }
    case 'rewind': {
      const line = (text: string) => print(`${text}\n`);
      const around = { service, migrations: migrationsOfGateway, env, print: line };
      return rewindGateway(args, around, program);
    }
    case '--help':
      return print(USAGE);
    default:
      throw new UsageError(USAGE);
  }
}

function praiseOf({ account, platform, merchants }: Account): string {
  const whom = merchants.length === 0 ? 'all other merchants' : `${merchants.length} merchants`;
  return `${account}: good, for ${whom} of ${platform}`;
}
