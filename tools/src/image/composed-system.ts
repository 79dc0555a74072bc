import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const FILE = join(root, 'docker-compose.yml');
/** Five images from nothing, with two cores. */
const UP_WITHIN_MS = 12 * 60_000;
const ANSWER_WITHIN_MS = 120_000;

/** What the images are built on and what compose starts beside them. */
const IMAGES = ['node:24-bookworm-slim', 'postgres:18', 'apache/kafka:4.3.1'];
const PULL_WITHIN_MS = 180_000;

/** Why the system cannot be composed here, and what would help; undefined if it can. */
export function missingToCompose(): string | undefined {
  if (!succeeds(10_000, 'version')) {
    return 'no Docker engine answers; with one, the images and the composed system are tried';
  }
  const image = IMAGES.find(
    (one) => !succeeds(10_000, 'image', 'inspect', one) && !succeeds(PULL_WITHIN_MS, 'pull', one),
  );
  return image && `the Docker engine has no image ${image} and cannot pull it`;
}

const succeeds = (timeout: number, ...args: readonly string[]): boolean =>
  spawnSync('docker', args, { stdio: 'ignore', timeout }).status === 0;

type Composed = Readonly<{ services: Record<string, { ports?: string[] }> }>;

/** The system of docker-compose.yml under a name and on ports of its own, so that two can run. */
export class ComposedSystem implements Disposable {
  private constructor(
    private readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @throws Error with what compose said if it does not come up; nothing is left behind then. */
  static up(): ComposedSystem {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-compose-'));
    const free = join(folder, 'free-ports.yml');
    writeFileSync(free, freePortsFile());
    const system = new ComposedSystem(folder, {
      ...process.env,
      COMPOSE_FILE: `${FILE}:${free}`,
      COMPOSE_PROJECT_NAME: `hutong-${randomBytes(4).toString('hex')}`,
    });
    const args = ['compose', '--progress', 'plain', 'up', '--build', '--wait'];
    const { status, stderr } = spawnSync('docker', args, {
      ...system.options,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: UP_WITHIN_MS,
    });
    if (status === 0) return system;
    const logs = spawnSync('docker', ['compose', 'logs', '--tail', '20'], system.options).stdout;
    system[Symbol.dispose]();
    throw new Error(`docker compose ended with ${status}:\n${stderr.slice(-4_000)}\n${logs}`);
  }

  /** Runs a command of compose. @returns what it printed. @throws Error if it does not end with 0. */
  compose(...args: readonly string[]): string {
    return this.docker('compose', ...args);
  }

  docker(...args: readonly string[]): string {
    return execFileSync('docker', args, this.options);
  }

  /** Where a service's port is reached from this machine. */
  addressOf(service: string, port: number): URL {
    return new URL(`http://${this.compose('port', service, `${port}`).trim()}`);
  }

  /**
   * Where an address is found that browsers on this machine get: the file's ports are others here.
   * @throws Error if no service of ours opens that port.
   */
  reached(address: string): string {
    const { port, pathname, search } = new URL(address);
    const { services } = composed();
    const opens = ({ ports = [] }: { ports?: string[] }) =>
      ports.some((one) => one.endsWith(`:${port}`));
    const [name] = Object.entries(services).find(([, service]) => opens(service)) ?? [];
    if (name === undefined) throw new Error(`nothing is open at ${address}`);
    return new URL(pathname + search, this.addressOf(name, Number(port))).href;
  }

  /** What the engine knows of a service's container, as one of its templates says it. */
  inspect(service: string, template: string): string {
    const id = this.compose('ps', '--all', '--quiet', service).trim();
    return this.docker('inspect', '--format', template, id).trim();
  }

  [Symbol.dispose](): void {
    const down = ['compose', 'down', '--volumes', '--remove-orphans', '--timeout', '20'];
    spawnSync('docker', down, this.options);
    rmSync(this.folder, { recursive: true });
  }

  private get options() {
    const { env } = this;
    return {
      cwd: root,
      env,
      encoding: 'utf8',
      timeout: ANSWER_WITHIN_MS,
      maxBuffer: 64 * 1024 * 1024,
    } as const;
  }
}

const composed = (): Composed => parse(readFileSync(FILE, 'utf8')) as Composed;

/** Every published port becomes one that is free; inside, all stays as it is. */
function freePortsFile(): string {
  const { services } = composed();
  const lines = Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.length === 0
      ? []
      : [
          `  ${name}:`,
          '    ports: !override',
          ...ports.map((port) => `      - '127.0.0.1::${port.split(':').at(-1)}'`),
        ],
  );
  return ['services:', ...lines, ''].join('\n');
}
