import type { Provider } from '@hutong/domain-events';
import { mainOf } from './ring-services.js';
import type { ServiceSpec } from './service-process.js';

/** Where one sandbox listens on this machine. */
export type SandboxPorts = Readonly<{
  /** Control API and payer page. */
  http: number;
  management: number;
  /** Each provider's API. */
  sides: ReadonlyMap<Provider, number>;
  proxy: number;
}>;

/** How a sandbox is called among processes, and in the name of its log. */
export const SANDBOX = 'provider-sandbox';

/** How a sandbox is started. It is ready once every provider's port is open. */
export const sandboxSpec = (root: string, ports: SandboxPorts): ServiceSpec => ({
  name: SANDBOX,
  main: mainOf(root, 'provider-sandbox'),
  readyUrl: new URL('/health/ready', atPort(ports.management)),
  env: {
    HOST: '127.0.0.1',
    PORT: `${ports.http}`,
    ...Object.fromEntries(
      [...ports.sides].map(([name, port]) => [`${name.toUpperCase()}_PORT`, `${port}`]),
    ),
    PROXY_PORT: `${ports.proxy}`,
    MANAGEMENT_PORT: `${ports.management}`,
  },
});

export const atPort = (port: number): URL => new URL(`http://127.0.0.1:${port}`);
