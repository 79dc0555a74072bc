// Writes the gateways' account files as an operator would after a visit to each provider's portal: the
// sandbox plays the portals. A new sandbox is a new world, so they are written anew at every start.
// What each file says is told in one place for this and for the specs, which Node runs from its source.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = new URL('../../libs/world/src/account-files.ts', import.meta.url);
const { accountFiles, parsePortals } = await import(source.href);

/** Where each provider notifies its gateway; one is told of by the variable of its name. */
const told = Object.entries(process.env).flatMap(([name, address]) => {
  const [, provider] = /^([A-Z]+)_NOTIFIES$/.exec(name) ?? [];
  return provider === undefined ? [] : [[provider.toLowerCase(), address]];
});

for (const [provider, notifies] of told) {
  const folder = `/run/secrets/${provider}-gateway/accounts`;
  mkdirSync(folder, { recursive: true });
  const answer = await fetch(new URL(`/credentials/${provider}`, process.env.SANDBOX_URL));
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
  for (const portal of parsePortals(await answer.json())) {
    const notifyUrl = new URL(`/notifications/${portal.account}`, notifies).href;
    for (const [name, text] of Object.entries(accountFiles(provider, portal, { notifyUrl }))) {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    }
  }
}
