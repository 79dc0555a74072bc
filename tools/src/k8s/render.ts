import { spawnSync } from 'node:child_process';

/** Something that can build a kustomization. */
export type Renderer = Readonly<{ name: string; render: (folder: string) => string }>;

const CANDIDATES = [
  { name: 'kustomize', probe: ['version'], build: ['build'] },
  { name: 'kubectl', probe: ['version', '--client'], build: ['kustomize'] },
] as const;

/** The first that this machine has, if it has one. */
export function findRenderer(): Renderer | undefined {
  const found = CANDIDATES.find(({ name, probe }) => spawnSync(name, probe).status === 0);
  return (
    found && { name: found.name, render: (folder) => build(found.name, [...found.build, folder]) }
  );
}

/** @throws Error with what the renderer said. */
function build(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
