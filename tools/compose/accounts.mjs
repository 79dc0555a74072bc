// Writes the gateways' account files as an operator would after a visit to each provider's portal: the
// sandbox plays the portals. A new sandbox is a new world, so they are written anew at every start.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { SANDBOX_URL, WECHAT_NOTIFIES, ALIPAY_NOTIFIES } = process.env;

/** What each gateway's file says of an account beside what all of them say. `keep` keeps a key beside it. */
const gateways = {
  wechat: {
    notifies: WECHAT_NOTIFIES,
    said: ({ mchid, appid, certificateSerial, publicKeyId, ...given }, keep) => ({
      mchid,
      appid,
      certificateSerial,
      privateKeyFile: keep('key.pem', given.privateKeyPem),
      apiV3KeyFile: keep('apiv3.key', given.apiV3Key),
      platformKeys: {
        mode: 'public_key',
        publicKeyId,
        publicKeyFile: keep('wechat.pub.pem', given.publicKeyPem),
      },
    }),
  },
  alipay: {
    notifies: ALIPAY_NOTIFIES,
    said: ({ appId, sellerId, ...given }, keep) => ({
      appId,
      sellerId,
      privateKeyFile: keep('app.pem', given.appPrivateKeyPem),
      alipayKeys: {
        mode: 'public_key',
        publicKeyFiles: [keep('alipay.pub.pem', given.alipayPublicKeyPem)],
      },
    }),
  },
};

for (const [provider, { notifies, said }] of Object.entries(gateways)) {
  const folder = `/run/secrets/${provider}-gateway/accounts`;
  mkdirSync(folder, { recursive: true });
  const answer = await fetch(new URL(`/credentials/${provider}`, SANDBOX_URL));
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
  for (const given of await answer.json()) {
    const { account, platform } = given;
    const keep = (name, text) => {
      const file = `${account}.${name}`;
      writeFileSync(join(folder, file), text, { mode: 0o600 });
      return file;
    };
    const registered = {
      account,
      platform,
      ...said(given, keep),
      notifyUrl: new URL(`/notifications/${account}`, notifies).href,
      requestsPerSecond: 50,
      concurrency: 8,
    };
    keep('json', JSON.stringify(registered, null, 2));
  }
}
