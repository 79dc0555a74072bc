import { catalogue, type TopicSpec } from '@hutong/domain-events';
import { called, ofKind, type Kinds, type Manifest } from './manifests.js';
import { reachProblems } from './scaler-reach.js';
import { environmentOf, workloadsOf } from './workloads.js';

/** What the database server allows, and what of it is kept for people, migrations and backups. */
export type Server = Readonly<{ maxConnections: number; reserve: number }>;

/** Each process holds one more beside its pool, for wake-ups. */
const BESIDE_THE_POOL = 1;
/** A rollout starts one pod more than there are. */
const SURGE = 1;

/** What every question for a lag says beside which: KEDA's defaults are an old broker, and jumps. */
const ALWAYS_ASKED = {
  version: '4.3.1',
  offsetResetPolicy: 'earliest',
  excludePersistentLag: 'true',
  ensureEvenDistributionOfPartitions: 'true',
};

/** How few and how many pods a Deployment may have, whoever decides it. */
export function scaleOf(
  deployment: Kinds['Deployment'],
  manifests: readonly Manifest[],
): Readonly<{ min: number; max: number; deciders: number }> {
  const { name } = deployment.metadata;
  const { replicas } = deployment.spec;
  const scales = [
    ...ofKind(manifests, 'HorizontalPodAutoscaler')
      .filter(({ spec }) => spec.scaleTargetRef.name === name)
      .map(({ spec }) => ({ min: spec.minReplicas, max: spec.maxReplicas })),
    ...ofKind(manifests, 'ScaledObject')
      .filter(({ spec }) => spec.scaleTargetRef.name === name)
      .map(({ spec }) => ({ min: spec.minReplicaCount, max: spec.maxReplicaCount })),
    ...(replicas === undefined ? [] : [{ min: replicas, max: replicas }]),
  ];
  const [scale = { min: 1, max: 1 }] = scales;
  return { ...scale, deciders: scales.length };
}

/** What is wrong with who scales what, by which lag, and how far. */
export function scalingProblems(manifests: readonly Manifest[], server: Server): string[] {
  const perPod = connectionsOfAPod(manifests);
  const deployments = ofKind(manifests, 'Deployment');
  const used = deployments.reduce(
    (sum, one) =>
      sum + (scaleOf(one, manifests).max + SURGE) * (perPod.get(one.metadata.name) ?? 0),
    0,
  );
  const left = server.maxConnections - server.reserve;
  return [
    ...deployments
      .filter((one) => scaleOf(one, manifests).deciders !== 1)
      .map(
        (one) => `${called(one)}: ${scaleOf(one, manifests).deciders} decide how many there are`,
      ),
    ...ofKind(manifests, 'ScaledObject').flatMap((scaled) =>
      scaledProblems(scaled, perPod.get(scaled.spec.scaleTargetRef.name) ?? 0).map(
        (complaint) => `${called(scaled)}: ${complaint}`,
      ),
    ),
    ...ofKind(manifests, 'ScaledObject').flatMap((scaled) =>
      reachProblems(scaled, manifests).map((complaint) => `${called(scaled)}: ${complaint}`),
    ),
    ...(used > left ? [`the database has ${left} connections, and ${used} may be wanted`] : []),
  ];
}

function scaledProblems({ metadata, spec }: Kinds['ScaledObject'], perPod: number): string[] {
  const service = metadata.labels?.['app.kubernetes.io/name'] ?? '';
  const heard = catalogue.filter(({ heardBy }) => heardBy.some((one) => one === service));
  const note = (name: string): number =>
    Number(metadata.annotations?.[`scaling.hutong/${name}`] ?? NaN);
  const asked = spec.triggers.map((trigger) => trigger.metadata);
  const threshold = note('events-per-second-of-a-pod') * note('tolerated-delay-seconds');
  const most = mostPods(heard, {
    perPodPerSecond: note('events-per-second-of-a-pod'),
    providerPerSecond: note('provider-limit-per-second'),
    connections: note('database-connections'),
    perPod,
  });
  return [
    ...asked
      .filter(({ consumerGroup }) => consumerGroup !== service)
      .map(({ consumerGroup }) => `${consumerGroup} is not the group of ${service}`),
    ...asked
      .filter(({ topic }) => !heard.some(({ name }) => name === topic))
      .map(({ topic }) => `${service} does not hear ${topic}`),
    ...heard
      .filter(({ name }) => !asked.some(({ topic }) => topic === name))
      .map(({ name }) => `nobody looks at the lag of ${name}`),
    ...asked
      .filter(({ lagThreshold }) => Number(lagThreshold) !== threshold)
      .map(({ topic, lagThreshold }) => `${topic}: lag ${lagThreshold}, reckoned ${threshold}`),
    ...asked.flatMap((one) =>
      Object.entries(ALWAYS_ASKED)
        .filter(([name, value]) => one[name] !== value)
        .map(([name, value]) => `${one['topic']}: ${name} is not ${value}`),
    ),
    ...asked
      .filter((one) => Object.values(one).some((value) => typeof value !== 'string'))
      .map(({ topic }) => `${topic}: KEDA takes text only`),
    ...(spec.minReplicaCount < 2 ? ['may go down to less than two'] : []),
    ...(spec.maxReplicaCount > most ? [`up to ${spec.maxReplicaCount}, reckoned ${most}`] : []),
  ];
}

type Ceilings = Readonly<{
  perPodPerSecond: number;
  /** NaN: no provider stands behind it. */
  providerPerSecond: number;
  connections: number;
  perPod: number;
}>;

/** More pods than that would find no partition, no connection, or a provider that refuses them. */
const mostPods = (heard: readonly TopicSpec[], c: Ceilings): number =>
  Math.min(
    ...heard.map(({ partitions }) => partitions),
    Math.floor(c.connections / c.perPod),
    ...(Number.isNaN(c.providerPerSecond)
      ? []
      : [Math.floor(c.providerPerSecond / c.perPodPerSecond)]),
  );

/** By the name of its Deployment; those without a database are not in it. */
const connectionsOfAPod = (manifests: readonly Manifest[]): ReadonlyMap<string, number> =>
  new Map(
    workloadsOf(manifests)
      .map(
        (one) => [one.name, Number(environmentOf(one, manifests)['DATABASE_POOL_SIZE'])] as const,
      )
      .filter(([, pool]) => !Number.isNaN(pool))
      .map(([name, pool]) => [name, pool + BESIDE_THE_POOL]),
  );
