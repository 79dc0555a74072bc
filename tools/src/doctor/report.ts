import { gib, problemsOf, reasonFor, type Facts, type PortUse } from './diagnosis.js';

/** What was found, for people: a line each, the verdict last. */
export function reportOf(facts: Facts): string[] {
  const { backEnds, memory, disk } = facts;
  const problems = problemsOf(facts);
  return [
    line('node', facts.node),
    line('cores', `${facts.cores}`),
    line('memory', `${gib(memory.available)} available of ${gib(memory.total)}`),
    line('disk', `${gib(disk.free)} free in ${disk.folder}`),
    line('docker', backEnds.docker ?? 'no engine answers'),
    line('java', backEnds.java === undefined ? 'not in the path' : `${backEnds.java}`),
    line('maven', backEnds.maven ?? 'not in the path'),
    line('kafka', backEnds.kafkaJars ? 'jars are cached' : 'jars are not there yet'),
    line('postgres', backEnds.postgres ? "npm's is installed" : 'npm has none here'),
    line('back end', reasonFor(facts)),
    ...portLines(facts.ports),
    '',
    ...(problems.length === 0
      ? ['ready: npm run demo']
      : problems.map((problem) => `NOT READY  ${problem}`)),
  ];
}

/** The same for programs. Never an address: it may hold a password. */
export function jsonOf(facts: Facts) {
  const { node, cores, memory, disk, ports, choice } = facts;
  const { docker = null, java = null, maven = null, kafkaJars, postgres } = facts.backEnds;
  const problems = problemsOf(facts);
  return {
    ready: problems.length === 0,
    problems,
    backEnd: { kind: choice.kind, why: reasonFor(facts) },
    ...{ node, cores, memory, disk },
    found: { docker, java, maven, kafkaJars, postgres },
    ports: ports.map(({ port, of, takenBy }) => ({
      port,
      of,
      free: takenBy === undefined,
      takenBy,
    })),
  };
}

function portLines(ports: readonly PortUse[]): string[] {
  const taken = ports.filter(({ takenBy }) => takenBy !== undefined);
  const free = ports.length - taken.length;
  return [
    line('ports', `${free} of ${ports.length} free; the demo takes others where it must`),
    ...taken.map(({ port, of, takenBy }) => line('', `${port} (${of}) is taken by ${takenBy}`)),
  ];
}

const line = (name: string, what: string): string => `${name.padEnd(10)} ${what}`.trimEnd();
