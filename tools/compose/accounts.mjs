// Writes the gateway's account files as an operator would after a visit to the provider's portal: the
// sandbox plays the portal. A new sandbox is a new world, so they are written anew at every start.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = '/run/secrets/wechat-gateway/accounts';
const { SANDBOX_URL, GATEWAY_URL } = process.env;

const answer = await fetch(new URL('/credentials/wechat', SANDBOX_URL));
if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);

mkdirSync(FOLDER, { recursive: true });
for (const given of await answer.json()) {
  const { account, platform, mchid, appid, certificateSerial, publicKeyId } = given;
  const keep = (name, text) => {
    writeFileSync(join(FOLDER, name), text, { mode: 0o600 });
    return name;
  };
  const registered = {
    account,
    platform,
    mchid,
    appid,
    certificateSerial,
    privateKeyFile: keep(`${account}.key.pem`, given.privateKeyPem),
    apiV3KeyFile: keep(`${account}.apiv3.key`, given.apiV3Key),
    platformKeys: {
      mode: 'public_key',
      publicKeyId,
      publicKeyFile: keep(`${account}.wechat.pub.pem`, given.publicKeyPem),
    },
    notifyUrl: new URL(`/notifications/${account}`, GATEWAY_URL).href,
    requestsPerSecond: 50,
    concurrency: 8,
  };
  keep(`${account}.json`, JSON.stringify(registered, null, 2));
}
