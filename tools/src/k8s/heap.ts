import { golden, type Container, type Manifest } from './manifests.js';
import { environmentOf, workloadsOf, type Workload } from './workloads.js';

const OLD = '--max-old-space-size';
const SEMI = '--max-semi-space-size';
/** New space is as much: two that take turns, and room for what both hold while one is emptied. */
const SEMI_SPACES = 3;
/**
 * MiB left for what a service takes beside its JavaScript heap: Node itself, code, stacks, buffers. All
 * together it has 150 to 220 resident (docs/performance.md), of which checkout's heap is 60 or more.
 */
const BESIDE = 96;

/** What lets the kernel end a pod before Node collects its garbage. */
export const heapProblems = (manifests: readonly Manifest[]): string[] =>
  ofServices(manifests).flatMap((workload) => {
    const options = environmentOf(workload, manifests)['NODE_OPTIONS'];
    const old = sizeIn(options, OLD);
    const semi = sizeIn(options, SEMI);
    if (old === undefined || semi === undefined) return [`${workload.called}: may take any size`];
    const most = old + SEMI_SPACES * semi + BESIDE;
    const limit = limitOf(workload.container);
    return most <= limit ? [] : [`${workload.called}: may take ${most} MiB of ${limit}`];
  });

/** How Node is called in a service's pod: what is measured is to be what is deployed. */
export function nodeOptionsInPods(manifests: readonly Manifest[] = golden('bare')): string[] {
  const [options, ...others] = new Set(
    ofServices(manifests).map((one) => environmentOf(one, manifests)['NODE_OPTIONS']),
  );
  if (options === undefined || others.length > 0) {
    throw new Error('not every pod of a service calls Node in the same way');
  }
  return options.split(' ');
}

const ofServices = (manifests: readonly Manifest[]): Workload[] =>
  workloadsOf(manifests).filter(({ part }) => part === 'api' || part === 'worker');

/** @returns MiB that the option allows, undefined if it is not given. */
function sizeIn(options = '', name: string): number | undefined {
  const given = options.split(' ').find((one) => one.startsWith(`${name}=`));
  return given === undefined ? undefined : Number(given.slice(name.length + 1));
}

/** @returns MiB. @throws Error for any other unit: the manifests use none. */
function limitOf({ name, resources }: Container): number {
  const limit = /^(\d+)Mi$/.exec(resources?.limits?.['memory'] ?? '')?.[1];
  if (limit === undefined) throw new Error(`container ${name} has no memory limit in Mi`);
  return Number(limit);
}
