import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BackEnd } from '@hutong/testing';
import { SANDBOX, startRing, type Ring, type RingOptions } from '@hutong/world';
import { nodeOptionsInPods } from '../../k8s/heap.js';

const root = join(import.meta.dirname, '../../../..');

/** Accounts that are never what limits: what a provider allows a merchant is no property of ours. */
const UNLIMITED = { requestsPerSecond: 5_000, concurrency: 500 };

export type BenchRingOptions = Pick<RingOptions, 'instances' | 'notified' | 'pace'> &
  Readonly<{
    /** Where each service leaves a CPU profile as it stops. */
    cpuProf?: string | undefined;
    note: (line: string) => void;
  }>;

/**
 * The whole system as it is shipped, each service with the heap that its pod gives it, but for accounts
 * that may be used as fast as anybody likes.
 */
export async function benchRing(
  { brokers, adminUrl }: BackEnd,
  { cpuProf, note, pace = UNLIMITED, ...options }: BenchRingOptions,
): Promise<Ring> {
  const folder = cpuProf === undefined ? undefined : resolve(cpuProf);
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const heap = nodeOptionsInPods();
  let over = false;
  const ring = await startRing({
    ...{ root, brokers, adminUrl, pace, ...options },
    nodeArgsOf: (process) => [
      ...(process === SANDBOX ? [] : heap), // keeps its books in memory
      ...(folder === undefined ? [] : profiledInto(folder, process)),
    ],
    report: note,
    ended: ({ name, how, tail }) => {
      if (!over) note(`${name} ended by itself (${how}):\n${tail}`);
    },
  });
  return {
    ...ring,
    [Symbol.asyncDispose]: () => {
      over = true;
      return ring[Symbol.asyncDispose]();
    },
  };
}

const profiledInto = (folder: string, process: string): readonly string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${folder}`,
  `--cpu-prof-name=${process}.cpuprofile`,
];
