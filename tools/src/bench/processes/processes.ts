import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';

/** What one process, or all of one name together, has used and holds. */
export type Usage = Readonly<{
  /** Milliseconds of processor time since its start. */
  cpuMs: number;
  /** Resident bytes. */
  memory: number;
}>;

/** By name: a service, `kafka`, `postgres`, `driver` for this one. */
export type UsageByName = ReadonlyMap<string, Usage>;

type Stat = Readonly<{ pid: number; parent: number; usage: Usage; reapedMs: number }>;

/** Linux counts processor time in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** Everything that this process has started, as Linux's /proc has it now; nothing elsewhere. */
export async function usageNow(): Promise<UsageByName> {
  const stats = await allStats();
  const children = Map.groupBy(stats, ({ parent }) => parent);
  const used = new Map<string, Usage>();
  const add = (name: string, { cpuMs, memory }: Usage): void => {
    const before = used.get(name) ?? { cpuMs: 0, memory: 0 };
    used.set(name, { cpuMs: before.cpuMs + cpuMs, memory: before.memory + memory });
  };
  const own = process.cpuUsage();
  add('driver', { cpuMs: (own.user + own.system) / 1_000, memory: process.memoryUsage().rss });
  for (const child of children.get(process.pid) ?? []) {
    const name = await nameOf(child.pid);
    if (name === undefined) continue;
    add(name, child.usage);
    add(name, { cpuMs: child.reapedMs, memory: 0 }); // of children that have ended
    for (const grandchild of children.get(child.pid) ?? []) add(name, grandchild.usage);
  }
  return used;
}

async function allStats(): Promise<Stat[]> {
  const entries = await readdir('/proc').catch(() => []);
  const stats = await Promise.all(entries.filter((one) => /^\d+$/.test(one)).map(statOf));
  return stats.filter((one) => one !== undefined);
}

/** Undefined of a process that has ended meanwhile. */
async function statOf(pid: string): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseStat(text);
}

/** @param text of /proc/<pid>/stat; see proc(5). A name may hold blanks and brackets. */
export function parseStat(text: string): Stat {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0, pages = 0] = [
    1, 11, 12, 13, 14, 21,
  ].map((i) => fields[i]);
  return {
    pid: Number.parseInt(text, 10),
    parent,
    usage: { cpuMs: (utime + stime) * TICK_MS, memory: pages * PAGE_BYTES },
    reapedMs: (cutime + cstime) * TICK_MS,
  };
}

/** Undefined of what nobody asks for, as the shells that clean up. */
async function nameOf(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return nameIn(line.split('\0'));
}

export function nameIn(command: readonly string[]): string | undefined {
  const [program = ''] = command;
  if (basename(program) === 'java') return 'kafka';
  if (basename(program) === 'postgres') return 'postgres';
  const main = command.find((word) => word.endsWith(`${sep}dist${sep}main.js`));
  return main === undefined ? undefined : basename(dirname(dirname(main)));
}
