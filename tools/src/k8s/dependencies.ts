import { gatewayService, PROVIDERS } from '@hutong/domain-events';
import type { Manifest } from './manifests.js';
import { downloadsKeys } from './provider-keys.js';
import { environmentOf, workloadsOf, type Workload } from './workloads.js';

/** One allowed way: who calls, whom, on which port. `kafka` and the like are namespaces, the rest apps. */
export type Edge = `${string} -> ${string}`;

const PART = { api: 'api', worker: 'worker', migration: 'migration', sandbox: 'sandbox' } as const;
type Part = keyof typeof PART;

/** The provider's addresses, in variables of its own gateway: `WECHAT_BASE_URL`. */
const OF_A_PROVIDER = new RegExp(`^(${PROVIDERS.join('|')})_\\w*URL$`, 'i');

/**
 * Which addresses in its configuration a process connects to, by its role. An `api` only appends to its
 * outbox: relaying, consuming and calling the provider are a worker's, but for the keys that notifications
 * are read by, where a provider hands those out.
 */
const CONNECTS_TO: Readonly<Record<Part, readonly RegExp[]>> = {
  api: [/^DATABASE_URL$/],
  worker: [/^DATABASE_URL$/, /^KAFKA_BROKERS$/, OF_A_PROVIDER],
  migration: [/^DATABASE_URL$/],
  sandbox: [],
};

/** Whoever is given this sends webhooks; without it there are none. */
const SENDS_WEBHOOKS = 'WEBHOOK_SEALING_KEYS_FILE';

/** Who may call a service's HTTP interface, from outside of the system. */
const CALLED_BY: Readonly<Record<string, readonly string[]>> = {
  checkout: ['ingress-nginx', 'operations'],
  routing: ['operations'],
  ledger: ['operations'],
  ...Object.fromEntries(PROVIDERS.map((provider) => [gatewayService[provider], ['ingress-nginx']])),
};

/** The whole matrix of these workloads: what each one's configuration names, and nothing else. */
export function dependencyMatrix(manifests: readonly Manifest[]): Set<Edge> {
  const workloads = workloadsOf(manifests);
  return new Set(
    workloads.flatMap((workload) => [
      ...named(workload, manifests).map((to): Edge => `${idOf(workload)} -> ${to}`),
      ...heard(workload, workloads, manifests),
      `${idOf(workload)} -> dns:53` as const,
    ]),
  );
}

export const idOf = ({ app, part }: Workload): string => `${app}/${part}`;

const partOf = ({ part }: Workload): Part => {
  if (part in PART) return part as Part;
  throw new Error(`no pods of part ${part} are foreseen`);
};

/**
 * What it connects to, as `namespace:port`, `app:port` in its own namespace, `internet:port` for
 * somebody there, or `anywhere:any`.
 */
function named(workload: Workload, manifests: readonly Manifest[]): string[] {
  const part = partOf(workload);
  const given = environmentOf(workload, manifests);
  const readsByTheirKeys = part === 'api' && downloadsKeys(workload.app);
  const patterns = [...CONNECTS_TO[part], ...(readsByTheirKeys ? [OF_A_PROVIDER] : [])];
  return [
    ...Object.entries(given)
      .filter(([name]) => patterns.some((pattern) => pattern.test(name)))
      .map(([, value]) => targetOf(value)),
    // Where webhooks go is in no configuration: platforms say it, port included.
    ...(part === 'worker' && SENDS_WEBHOOKS in given ? ['anywhere:any'] : []),
  ];
}

/** `…svc:5432` is a service of another namespace, a bare name one of ours, all else the world. */
function targetOf(address: string): string {
  const { hostname, port, protocol } = new URL(
    address.includes('://') ? address : `kafka://${address}`,
  );
  const [, namespace, svc] = hostname.split('.');
  if (!hostname.includes('.')) return `${hostname}:${port}`;
  if (svc === 'svc') return `${namespace}:${port}`;
  return `internet:${port || { 'https:': '443', 'http:': '80' }[protocol]}`;
}

/** Who calls it. */
function heard(
  workload: Workload,
  workloads: readonly Workload[],
  manifests: readonly Manifest[],
): Edge[] {
  const id = idOf(workload);
  const given = environmentOf(workload, manifests);
  const callers = workload.part === 'api' ? (CALLED_BY[workload.app] ?? []) : [];
  const clients = workload.part === 'sandbox' ? gatewaysAt(workload.app, workloads, manifests) : [];
  return [
    ...(workload.part === 'migration'
      ? []
      : [`monitoring -> ${id}:${given['MANAGEMENT_PORT']}` as const]),
    ...callers.map((caller): Edge => `${caller} -> ${id}:${given['PORT']}`),
    // The sandbox notifies whoever pays through it.
    ...clients.map(({ app, port }): Edge => `${id} -> ${app}:${port}`),
  ];
}

const gatewaysAt = (
  sandbox: string,
  workloads: readonly Workload[],
  manifests: readonly Manifest[],
) =>
  workloads
    .filter((one) => one.part === 'api')
    .map((one) => ({ app: one.app, given: environmentOf(one, manifests) }))
    .filter(({ given }) =>
      Object.entries(given).some(
        ([name, value]) => OF_A_PROVIDER.test(name) && new URL(value).hostname === sandbox,
      ),
    )
    .map(({ app, given }) => ({ app, port: given['PORT'] ?? '' }));
