// Runs a command of a service that is built: node tools/service-command.mjs <command> <service> [arguments].
// The thin front of `npm run redrive` and `npm run rewind`; in a cluster it is a command of the service's image.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const services = [
  'checkout',
  'routing',
  'wechat-gateway',
  'alipay-gateway',
  'unionpay-gateway',
  'ledger',
];

const [command = '', service = '', ...args] = process.argv.slice(2);
if (!services.includes(service)) {
  console.error(`usage: npm run ${command} -- ${services.join('|')} [arguments]
the service's own environment (DATABASE_URL, DATABASE_PASSWORD_FILE, KAFKA_BROKERS, …) must be set
npm run ${command} -- checkout --help says what there is`);
  process.exit(2);
}
const main = join(root, 'apps', service, 'dist/main.js');
if (!existsSync(main)) {
  console.error(`${service} is not built: npx nx build @hutong/${service}`);
  process.exit(2);
}
const ended = spawnSync(process.execPath, [main, command, ...args], { stdio: 'inherit' });
process.exit(ended.status ?? 1);
