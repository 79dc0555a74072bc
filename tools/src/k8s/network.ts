import { isWide } from './address-ranges.js';
import { idOf, type Edge } from './dependencies.js';
import {
  ofKind,
  selects,
  type Kinds,
  type Manifest,
  type Peer,
  type PolicyPort,
  type PolicyRule,
} from './manifests.js';
import { workloadsOf, type Workload } from './workloads.js';

const NAMESPACE = 'kubernetes.io/metadata.name';

/** Every way that the policies leave open, as the caller says it; `halfOpen` compares both ends. */
export function allowedEdges(manifests: readonly Manifest[]): Set<Edge> {
  const workloads = workloadsOf(manifests);
  const edges = workloads.flatMap((workload) =>
    policiesOf(workload, manifests).flatMap(({ spec }) => [
      ...(spec.egress ?? []).flatMap((rule) => outOf(workload, rule, workloads)),
      ...(spec.ingress ?? []).flatMap((rule) => into(workload, rule, workloads)),
    ]),
  );
  return new Set(edges);
}

/** What is open that should not be, and the other way round; and pods that no policy closes. */
export function networkProblems(manifests: readonly Manifest[], matrix: ReadonlySet<Edge>) {
  const allowed = allowedEdges(manifests);
  return [
    ...[...allowed].filter((edge) => !matrix.has(edge)).map((edge) => `open: ${edge}`),
    ...[...matrix].filter((edge) => !allowed.has(edge)).map((edge) => `closed: ${edge}`),
    ...workloadsOf(manifests)
      .filter((workload) => !isClosed(workload, manifests))
      .map((workload) => `${workload.called} is not closed by default`),
  ];
}

const policiesOf = (workload: Workload, manifests: readonly Manifest[]): Kinds['NetworkPolicy'][] =>
  ofKind(manifests, 'NetworkPolicy').filter(({ spec }) =>
    selects(spec.podSelector, workload.template.metadata?.labels),
  );

const isClosed = (workload: Workload, manifests: readonly Manifest[]): boolean =>
  policiesOf(workload, manifests).some(
    ({ spec }) =>
      Object.keys(spec.podSelector).length === 0 &&
      ['Ingress', 'Egress'].every((one) => spec.policyTypes.includes(one)),
  );

function outOf(from: Workload, { to, ports }: PolicyRule, all: readonly Workload[]): Edge[] {
  return ends(to, all).flatMap((end) => {
    if (end.kind === 'ours') {
      // By the app: a client calls its Service, whoever of its pods answers.
      const service = end.workload.app;
      return portsOf(ports, end.workload).map(
        (port): Edge => `${idOf(from)} -> ${service}:${port}`,
      );
    }
    return portsOf(ports).map((port): Edge => `${idOf(from)} -> ${end.name}:${port}`);
  });
}

/** From outside: between two of ours the caller says it. */
function into(to: Workload, { from, ports }: PolicyRule, all: readonly Workload[]): Edge[] {
  return ends(from, all)
    .filter((end) => end.kind === 'theirs')
    .flatMap(({ name }) =>
      portsOf(ports, to).map((port): Edge => `${name} -> ${idOf(to)}:${port}`),
    );
}

type End =
  Readonly<{ kind: 'ours'; workload: Workload }> | Readonly<{ kind: 'theirs'; name: string }>;

/** No list of peers is everybody. */
function ends(peers: readonly Peer[] | undefined, all: readonly Workload[]): End[] {
  if (peers === undefined) return [{ kind: 'theirs', name: 'anybody' }];
  return peers.flatMap(({ ipBlock, namespaceSelector, podSelector }): End[] => {
    if (ipBlock !== undefined) {
      return [{ kind: 'theirs', name: isWide(ipBlock) ? 'anywhere' : 'internet' }];
    }
    if (namespaceSelector !== undefined) {
      const name = namespaceSelector.matchLabels?.[NAMESPACE] ?? 'anybody';
      const dns = podSelector?.matchLabels?.['k8s-app'] === 'kube-dns';
      return [{ kind: 'theirs', name: dns ? 'dns' : name }];
    }
    return all
      .filter(({ template }) => selects(podSelector ?? {}, template.metadata?.labels))
      .map((workload) => ({ kind: 'ours', workload }));
  });
}

/** As numbers, once each: DNS is asked by UDP and TCP. No list of ports is all of them. */
const portsOf = (ports: readonly PolicyPort[] | undefined, at?: Workload): string[] => [
  ...new Set(
    (ports ?? [{}]).map(
      ({ port = 'any' }) =>
        `${at?.container.ports?.find(({ name }) => name === port)?.containerPort ?? port}`,
    ),
  ),
];

/** Ways between our own pods that one end opened and the other did not. */
export function halfOpen(manifests: readonly Manifest[]): string[] {
  const workloads = workloadsOf(manifests);
  const between = (kind: 'ingress' | 'egress') =>
    new Set(
      workloads.flatMap((one) =>
        policiesOf(one, manifests)
          .flatMap(({ spec }) => spec[kind] ?? [])
          .flatMap(({ from, to, ports }) =>
            ends(kind === 'ingress' ? (from ?? []) : (to ?? []), workloads).flatMap((end) => {
              if (end.kind === 'theirs') return [];
              const [caller, callee] =
                kind === 'egress' ? [one, end.workload] : [end.workload, one];
              return portsOf(ports, callee).map(
                (port) => `${idOf(caller)} -> ${idOf(callee)}:${port}`,
              );
            }),
          ),
      ),
    );
  const [said, heard] = [between('egress'), between('ingress')];
  return [
    ...[...said].filter((edge) => !heard.has(edge)).map((edge) => `not let in: ${edge}`),
    ...[...heard].filter((edge) => !said.has(edge)).map((edge) => `not let out: ${edge}`),
  ];
}
