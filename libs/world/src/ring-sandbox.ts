import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { parsePortals, type Pace } from './account-files.js';
import { call } from './call.js';
import type { Reaper } from './reaper.js';
import { GATEWAYS } from './ring-gateways.js';
import type { RingPorts } from './ring-ports.js';
import { writeAccounts } from './ring-secrets.js';
import { SandboxControl } from './sandbox-control.js';
import { atPort, SANDBOX, sandboxSpec } from './sandbox-spec.js';
import { ServiceProcess, type UnexpectedEnd } from './service-process.js';

export type Sandbox = Readonly<{
  /** Control API and payer page. */
  url: URL;
  /** A provider's API. */
  providerUrl: (provider: Provider) => URL;
}>;

/** Starts the sandbox and gives each gateway the accounts that it has at its provider there. */
export async function startSandbox(o: {
  root: string;
  folder: string;
  reaper: Reaper;
  ports: RingPorts;
  /** Where a provider's gateway will listen: each notifies one address. */
  gatewayUrl: (provider: Provider) => URL;
  /** In a hurry: a minute of the provider's lasts half a second. */
  story: boolean;
  /** Of every account; a small merchant's if nothing is said. */
  pace?: Pace | undefined;
  nodeArgsOf: (process: string) => readonly string[];
  /** Told if it ends unasked once it was ready. */
  ended?: ((end: UnexpectedEnd) => void) | undefined;
}): Promise<Sandbox> {
  const { http, management } = await o.ports.pair('provider-sandbox');
  const sides = new Map<Provider, number>();
  for (const provider of PROVIDERS) sides.set(provider, await o.ports.one(GATEWAYS[provider].side));
  const proxy = await o.ports.one("the sandbox's proxy");
  const url = atPort(http);
  const spec = sandboxSpec(o.root, { http, management, sides, proxy });
  const nodeArgs = o.nodeArgsOf(SANDBOX);
  const sandbox = ServiceProcess.start({ ...spec, nodeArgs }, o.folder, o.reaper);
  await sandbox.ready();
  if (o.ended !== undefined) sandbox.onUnexpectedEnd(o.ended);
  for (const provider of PROVIDERS) {
    const path = `/credentials/${provider}`;
    const portals = parsePortals(await call<unknown>(url, { method: 'GET', path }));
    const notified = new URL('/notifications/', o.gatewayUrl(provider));
    const accounts = portals.map((portal) => ({
      portal,
      terms: {
        notifyUrl: new URL(portal.account, notified).href,
        ...(o.story && { refundGapSeconds: 1 }),
        ...o.pace,
      },
    }));
    await writeAccounts(o.folder, provider, accounts);
  }
  if (o.story) await new SandboxControl(url).hurry(120);
  return { url, providerUrl: (provider) => atPort(sides.get(provider) ?? 0) };
}
