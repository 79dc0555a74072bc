import { SERVICES } from '@hutong/domain-events';
import { configClassOf, sharedConfigClasses, type ConfigClass } from '../k8s/config-fields.js';
import { table } from './markdown.js';
import { ownPort, variableOf, type Variable } from './variables.js';

/**
 * `docs/configuration.md`: every variable of every service, from the classes that read them.
 * @throws Error naming a variable that says nothing of itself.
 */
export function configurationPage(): string {
  const own = SERVICES.map((service) => ({ service, from: configClassOf(service) }));
  return [
    INTRODUCTION,
    '## The variables of every service',
    variableTable([...shared('ServiceEnv').fields, ...shared('BrokerEnv').fields].map(variableOf)),
    'A process with `ROLE=api` needs `KAFKA_BROKERS` and never speaks to the broker: leave out its login and TLS. Half a login is refused at the start, and so is `KAFKA_CA_FILE` without `KAFKA_TLS=enable`.',
    table(
      ['service', '`PORT`', '`MANAGEMENT_PORT`'],
      own.map(({ service, from }) => {
        const port = ownPort(from.path);
        return [service, port, `${Number(port) + MANAGEMENT_OFFSET}`];
      }),
    ),
    ...own.flatMap(({ service, from }) => [`## ${service}`, variableTable(variables(from))]),
    '## Commands',
    COMMANDS,
    variableTable(variables(shared('StoreEnv'))),
    '## provider-sandbox',
    'For development and tests. It has no database and no broker, and reads none of the variables of every service but those that are listed here again.',
    variableTable(variables(configClassOf('provider-sandbox'))),
  ].join('\n\n');
}

/** As `libs/config` has it. */
const MANAGEMENT_OFFSET = 6_000;

const INTRODUCTION = `# Configuration

Written by \`npm run docs\` from the classes that read the environment (\`libs/config\` and each app's \`*.config.ts\`): change the code, not this page.

A service reads its environment once, when it starts. If anything is wrong it does not start, and names every bad variable, never a value. An empty variable counts as not set. What is not listed here is not read, except by Node itself (\`NODE_OPTIONS\`, \`NODE_EXTRA_CA_CERTS\`). No variable holds a secret: secrets are files, and a variable names the file. In the tables, **needed** means that the service does not start without it, and a dash that it may be left out and then counts as the text says.

[deploy.md](deploy.md) says how the values get there, by compose and on Kubernetes. What an account file, a policy or a table of rates looks like is in the README of the service that reads it.`;

const COMMANDS =
  "`migrate`, `keys` and the ledger's `verify` read the variables of the database alone; `redrive` and `rewind` read those of the broker (above) too. Of the others only checkout's `openapi` reads one, `PUBLIC_URL`, which may be left out.";

function shared(name: string): ConfigClass {
  const found = sharedConfigClasses().find((one) => one.name === name);
  if (found === undefined) throw new Error(`libs/config has no ${name}`);
  return found;
}

const variables = ({ fields }: ConfigClass): Variable[] => fields.map(variableOf);

const variableTable = (rows: readonly Variable[]): string =>
  table(
    ['variable', 'default', 'must be', 'what'],
    rows.map(({ name, needed, fallback, shape, about }) => [
      `\`${name}\``,
      needed ? '**needed**' : defaultOf(fallback),
      shape,
      about,
    ]),
  );

function defaultOf(fallback: string | undefined): string {
  if (fallback === undefined) return '–';
  return fallback === '' ? 'nothing' : `\`${fallback}\``;
}
