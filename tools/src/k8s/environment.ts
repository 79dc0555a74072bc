import type { ConfigFields } from './config-fields.js';
import { ofKind, type Manifest } from './manifests.js';
import { environmentOf, type Workload } from './workloads.js';

/** What Node itself reads. */
const OF_NODE = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
/** For telling the story, and for receivers on one's own machine: never where money is real. */
const NEVER = ['STORY', 'WEBHOOK_DEVELOPMENT_HOSTS'];
/** By what a worker is known to the broker: an `api` never speaks to it, and has no key to it. */
const OF_A_WORKER = /^KAFKA_(?!BROKERS$)/;
/** Of variables whose value is the path of something mounted. */
const A_PATH = /_(FILE|DIR|CERTS)$/;

/** A mounted file, by its path in the container; its text where a ConfigMap of these manifests has it. */
export type MountedFile = Readonly<{ path: string; text?: string }>;

/** What a workload's environment and files say that its configuration does not, and the other way round. */
export function environmentProblems(
  workload: Workload,
  manifests: readonly Manifest[],
  fields: ConfigFields,
): string[] {
  const given = environmentOf(workload, manifests);
  const names = Object.keys(given);
  const paths = names.filter((name) => A_PATH.test(name)).map((name) => given[name] ?? '');
  const files = mountedFiles(workload, manifests).map(({ path }) => path);
  const folders = mountPaths(workload);
  return [
    ...names
      .filter((name) => !fields.has(name) && !OF_NODE.includes(name))
      .map((name) => `${name} is read by nobody`),
    ...[...fields.keys()]
      .filter((name) => !names.includes(name) && !NEVER.includes(name))
      .filter((name) => workload.part === 'worker' || !OF_A_WORKER.test(name))
      .map((name) => `${name} is left to chance`),
    ...names
      .filter((name) => workload.part !== 'worker' && OF_A_WORKER.test(name))
      .map((name) => `${name} is for workers`),
    ...NEVER.filter((name) => names.includes(name)).map((name) => `${name} is set`),
    ...paths
      .filter((path) => !files.includes(path) && !folders.includes(path))
      .map((path) => `nothing is mounted at ${path}`),
    ...files
      .filter((file) => !paths.some((path) => file === path || file.startsWith(`${path}/`)))
      .map((file) => `${file} is mounted for nobody`),
    ...secretVariables(workload).map((name) => `${name} has a secret for all to see`),
  ].map((complaint) => `${workload.called}: ${complaint}`);
}

/** Environment of a workload is shown by many a tool: a secret is a file. */
const secretVariables = ({ container }: Workload): string[] => [
  ...(container.env ?? []).filter(({ valueFrom }) => valueFrom !== undefined).map((v) => v.name),
  ...(container.envFrom ?? [])
    .filter(({ secretRef }) => secretRef !== undefined)
    .map(({ secretRef }) => secretRef?.name ?? ''),
];

const mountPaths = ({ container }: Workload): string[] =>
  (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);

/** Every file that a container finds by name; of a Secret mounted whole, its folder stands for all. */
export const mountedFiles = (
  { container, template }: Workload,
  manifests: readonly Manifest[],
): MountedFile[] =>
  (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const volume = (template.spec.volumes ?? []).find((one) => one.name === name);
    const items = [
      ...(volume?.secret?.items ?? []),
      ...(volume?.projected?.sources.flatMap(({ secret }) => secret?.items ?? []) ?? []),
    ];
    const data = ofKind(manifests, 'ConfigMap').find(
      ({ metadata }) => metadata.name === volume?.configMap?.name,
    )?.data;
    return [
      ...items.map(({ path }) => ({ path: `${mountPath}/${path}` })),
      ...Object.entries(data ?? {}).map(([file, text]) => ({ path: `${mountPath}/${file}`, text })),
    ];
  });
