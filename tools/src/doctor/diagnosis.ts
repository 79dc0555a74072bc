import type { Choice, Found } from '@hutong/testing';

/** A port of ours and, if somebody listens there, who. */
export type PortUse = Readonly<{ port: number; of: string; takenBy?: string | undefined }>;

/** What was found on this machine. Sizes in bytes. */
export type Facts = Readonly<{
  node: string;
  cores: number;
  memory: Readonly<{ total: number; available: number }>;
  /** Where servers and services write while they run. */
  disk: Readonly<{ folder: string; free: number }>;
  backEnds: Found;
  choice: Choice;
  /** Of servers that are said to run already: those that do not answer. */
  silent: readonly string[];
  ports: readonly PortUse[];
}>;

const GIB = 1024 ** 3;
/** What broker, database, sandbox and four services take together, and some air. */
const MEMORY_NEEDED = 1.5 * GIB;
const DISK_NEEDED = 1 * GIB;

/** Everything that keeps the demo from running, each with what to do about it. */
export function problemsOf(facts: Facts): string[] {
  const { choice, memory, disk, silent } = facts;
  const problems: string[] = silent.map((server) => `${server} does not answer: start it`);
  if (choice.kind === 'refused') problems.push(choice.why);
  if (memory.available < MEMORY_NEEDED) {
    problems.push(`${gib(memory.available)} of memory is too little: free ${gib(MEMORY_NEEDED)}`);
  }
  if (disk.free < DISK_NEEDED) {
    problems.push(`${gib(disk.free)} in ${disk.folder} is too little: free ${gib(DISK_NEEDED)}`);
  }
  return problems;
}

/** Which back end will be used, and why that one. */
export function reasonFor({ choice, backEnds }: Facts): string {
  const asked = backEnds.asked !== undefined && backEnds.asked !== '';
  switch (choice.kind) {
    case 'running':
      return 'already running: HUTONG_TEST_KAFKA_BROKERS and HUTONG_TEST_DATABASE_URL say where';
    case 'containers':
      return `containers: ${asked ? 'HUTONG_BACKEND asks for them' : `Docker ${backEnds.docker} answers`}`;
    case 'processes':
      return `processes: ${asked ? 'HUTONG_BACKEND asks for them' : 'no Docker engine answers, and everything for processes is there'}`;
    case 'refused':
      return `none: ${choice.why}`;
  }
}

export const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
