import { called, ofKind, type Manifest } from './manifests.js';
import { environmentOf, workloadsOf, type Workload } from './workloads.js';

/** The limits that the code keeps to. */
export type Limits = Readonly<{
  /** Of each step of an orderly stop (libs/http). */
  stepTimeoutMs: number;
  /** How long an idle connection is kept open for the next request (libs/http). */
  keepAliveMs: number;
}>;

/** The steps of a stop that wait for somebody: the others only let go. */
const WAITING_STEPS: Readonly<Record<string, readonly string[]>> = {
  api: ['http'],
  worker: ['consumers', 'calls of the provider', 'relay'],
};
const MARGIN_S = 10;
/** What tells the load balancers that they must not send more here needs a moment to reach them. */
const DEREGISTERED_WITHIN_S = 5;
export const IDLE_ANNOTATION = 'ingress.hutong/upstream-idle-seconds';

/** What would be cut off in the middle while a pod ends. */
export function cutOff(manifests: readonly Manifest[], limits: Limits): string[] {
  const ofPods = workloadsOf(manifests).flatMap((workload) => {
    const steps = WAITING_STEPS[workload.part];
    return steps === undefined ? [] : cutOffIn(workload, steps.length, manifests, limits);
  });
  const ofIngresses = ofKind(manifests, 'Ingress')
    .filter(({ metadata }) => {
      const idleS = Number(metadata.annotations?.[IDLE_ANNOTATION] ?? NaN);
      return !(idleS * 1_000 < limits.keepAliveMs);
    })
    .map((ingress) => `${called(ingress)}: uses connections that we are closing`);
  return [...ofPods, ...ofIngresses];
}

function cutOffIn(
  workload: Workload,
  steps: number,
  manifests: readonly Manifest[],
  { stepTimeoutMs }: Limits,
): string[] {
  const preStopS = workload.container.lifecycle?.preStop?.sleep?.seconds ?? 0;
  const needsS = preStopS + (steps * stepTimeoutMs) / 1_000 + MARGIN_S;
  const { terminationGracePeriodSeconds: graceS = 30 } = workload.template.spec;
  const callMs = Object.entries(environmentOf(workload, manifests))
    .filter(([name]) => name.endsWith('_TIMEOUT_MS'))
    .map(([, value]) => Number(value));
  return [
    graceS < needsS && `is killed after ${graceS} s, and may need ${needsS} s`,
    workload.part === 'api' &&
      preStopS < DEREGISTERED_WITHIN_S &&
      'stops while requests still come',
    workload.part === 'worker' && preStopS > 0 && 'sleeps though nobody calls it',
    callMs.some((ms) => ms >= stepTimeoutMs) && 'leaves while a provider may still answer',
  ]
    .filter((complaint) => complaint !== false)
    .map((complaint) => `${workload.called}: ${complaint}`);
}
