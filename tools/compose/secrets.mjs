// Makes the secrets of the composed system, each in the volume of those who may read it. What is there
// stays: the payers' pepper must never change, and the databases know their passwords.
import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const VOLUMES = '/secrets';
/** Who reads a volume: the server's account in the postgres image, ours in all others. */
const POSTGRES = 999;
const HUTONG = 10_001;
const GATEWAYS = ['wechat-gateway', 'alipay-gateway', 'unionpay-gateway'];
const SERVICES = ['checkout', 'routing', ...GATEWAYS, 'ledger'];

const random = () => randomBytes(24).toString('base64url');

/** Keeps `text`, or what was kept under that path before. Answers what is there now. */
function keep(path, text, uid = HUTONG) {
  const file = join(VOLUMES, path);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    chownSync(dirname(file), uid, uid);
    writeFileSync(file, text, { mode: 0o400 });
    chownSync(file, uid, uid);
  }
  return readFileSync(file, 'utf8');
}

keep('postgres/postgres.password', random(), POSTGRES);
for (const service of SERVICES) {
  const database = service.replaceAll('-', '_');
  const own = keep(`postgres/${database}.password`, random(), POSTGRES);
  keep(`${service}/database.password`, own);
  const owner = keep(`postgres/${database}_owner.password`, random(), POSTGRES);
  keep(`migrations/${service}.password`, owner);
}

for (const file of ['payer-key.pepper', 'link.key', 'webhook-sealing.keys']) {
  keep(`checkout/${file}`, randomBytes(32).toString('hex'));
}

for (const gateway of GATEWAYS) {
  // What checkout seals for it by the public half, it alone opens by the private one.
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const opening = keep(`${gateway}/sealing-keys/1.pem`, pem);
  const sealing = createPublicKey(opening).export({ type: 'spki', format: 'pem' });
  keep(`checkout/sealing-keys/${gateway}.1.pem`, sealing);

  // accounts.mjs writes there what the sandbox hands out.
  mkdirSync(join(VOLUMES, gateway, 'accounts'), { recursive: true });
  chownSync(join(VOLUMES, gateway, 'accounts'), HUTONG, HUTONG);
}

const token = keep('operator/token', randomBytes(32).toString('base64url'));
const sha256 = createHash('sha256').update(token).digest('hex');
const operator = {
  name: 'operator',
  scopes: ['checkout:read', 'checkout:write', 'ledger:read', 'routing:read', 'routing:write'],
  sha256,
};
for (const service of ['checkout', 'routing', 'ledger']) {
  keep(`${service}/tokens.json`, JSON.stringify([operator]));
}
