// Builds what is stale and runs a command of a service: node tools/service-command.mjs <command> <service>
// [arguments]. The thin front of those that npm runs; in a cluster they are commands of the service's image.
// Plain JavaScript on purpose: it runs on a clean checkout, before anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildArguments } from './build.mjs';
import { generate } from './generate.mjs';
import { appsAt } from './src/image/apps.mjs';
import { runsNode24 } from './test/checks.mjs';

const root = join(import.meta.dirname, '..');
/** The sandbox is an app too, but hears of nothing and keeps nothing. */
const services = appsAt(root).filter((app) => {
  const { dependencies } = JSON.parse(
    readFileSync(join(root, 'apps', app, 'package.json'), 'utf8'),
  );
  return '@hutong/domain-events' in dependencies;
});

const [command = '', service = '', ...args] = process.argv.slice(2);
if (!services.includes(service)) {
  console.error(`usage: npm run ${command} -- ${services.join('|')} [arguments]
the service's own environment (DATABASE_URL, DATABASE_PASSWORD_FILE, KAFKA_BROKERS, …) must be set
npm run ${command} -- checkout --help says what there is`);
  process.exit(2);
}
if (!(await runsNode24())) process.exit(1);

const main = join(root, 'apps', service, 'dist/main.js');
if (!existsSync(main)) console.error('building (the first time takes half a minute) …');
if (!(await generate())) process.exit(1);
const tsc = join(root, 'node_modules/typescript/bin/tsc');
// What the command prints may be read by a program: the build has nothing to say there.
const stdio = ['ignore', 2, 2];
const wanted = buildArguments(root, [join('apps', service, 'tsconfig.lib.json')]);
const built = spawnSync(process.execPath, [tsc, ...wanted], { cwd: root, stdio });
if (built.status !== 0) process.exit(1);

const ended = spawnSync(process.execPath, [main, command, ...args], { stdio: 'inherit' });
process.exit(ended.status ?? 1);
