import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';

const root = join(import.meta.dirname, '../../..');
const READY_WITHIN_MS = 120_000;
const GONE_WITHIN_MS = 30_000;

const running: Demo[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const demo of running.splice(0)) demo.forget();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-demo-spec-'));
  folders.push(folder);
  return folder;
}

/** `npm run demo` as a person starts it, with a folder for temporary files of its own. */
class Demo {
  private said = '';
  /** Every process of it, as of the last thing that was waited for. */
  family: readonly number[] = [];

  private constructor(
    readonly npm: ChildProcess,
    private readonly temporary: string,
  ) {
    for (const stream of [npm.stdout, npm.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    }
  }

  static start(...args: string[]): Demo {
    const temporary = temporaryFolder();
    chmodSync(temporary, 0o755); // PostgreSQL runs as somebody else where this runs as root
    const npm = spawn('npm', ['run', 'demo', '--', ...args], {
      cwd: root,
      detached: true, // as a shell does: Ctrl-C goes to the whole group
      stdio: ['ignore', 'pipe', 'pipe'],
      // Servers of its own: those of this run are not the demo's to stop.
      env: {
        ...process.env,
        HUTONG_TEST_KAFKA_BROKERS: undefined,
        HUTONG_TEST_DATABASE_URL: undefined,
        TMPDIR: temporary,
        NODE_OPTIONS: '',
      },
    });
    const demo = new Demo(npm, temporary);
    running.push(demo);
    return demo;
  }

  /** Waits for a text. @throws Error with everything that it said, if it ends first or takes too long. */
  async says(text: string): Promise<void> {
    const look = () => this.said.includes(text) || this.hasEnded();
    const withinMs = READY_WITHIN_MS;
    await eventually(look, { withinMs, what: `the demo to say "${text}", so far:\n${this.said}` });
    if (!this.said.includes(text)) throw new Error(`it ended without "${text}":\n${this.said}`);
    this.family = familyOf(this.npm.pid ?? 0);
  }

  async exitCode(): Promise<number | null> {
    if (!this.hasEnded()) await once(this.npm, 'exit');
    return this.npm.exitCode;
  }

  /** Everything that it said, on both its outputs. */
  text(): string {
    return this.said;
  }

  folders(): string[] {
    return readdirSync(this.temporary).filter((name) => name.startsWith('hutong-'));
  }

  /** After a spec that failed. */
  forget(): void {
    const all = [...this.family, ...familyOf(this.npm.pid ?? 0)];
    for (const pid of all.filter(lives)) process.kill(pid, 'SIGKILL');
  }

  private hasEnded(): boolean {
    return this.npm.exitCode !== null || this.npm.signalCode !== null;
  }
}

/** A process, what it started, what that started, and so on. */
function familyOf(ancestor: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([pid = 0]) => [pid, ...below(pid)]);
  return [ancestor, ...below(ancestor)];
}

/** A process that is dead and not yet buried by its parent does not live. */
function lives(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

/** Broker, database, sandbox, services and reapers, and a folder: something that can be left behind. */
function expectAllOfIt(demo: Demo): void {
  expect(demo.family.length).toBeGreaterThan(8);
  expect(demo.folders()).toContainEqual(expect.stringMatching(/^hutong-ring-/));
}

async function expectNothingLeft(demo: Demo): Promise<void> {
  const withinMs = GONE_WITHIN_MS;
  await eventually(() => !demo.family.some(lives), { withinMs, what: 'all processes to be gone' });
  await eventually(() => demo.folders().length === 0, { withinMs, what: 'no folder to be left' });
}

/** Whoever holds the pipes that everything else ends with: Node, below npm and maybe a shell. */
const launcherOf = (demo: Demo): number => memberOf(demo, /^\S*node tools\/run\.mjs demo/);

/** The process of a demo that was started like this. @throws Error if there is none. */
function memberOf(demo: Demo, started: RegExp): number {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' });
  const own = new Set(demo.family);
  const pid = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && started.test(match[2] ?? ''))
    .map((match) => Number(match?.[1]))
    .find((one) => own.has(one));
  if (pid === undefined) throw new Error(`no process like ${started.source}`);
  return pid;
}

const STARTING = 'sandbox, databases and topics are ready';
const RUNNING = 'Pay ¥128.00 yourself: http://127.0.0.1:';
const ctrlC = (demo: Demo) => process.kill(-(demo.npm.pid ?? 0), 'SIGINT');

describe('the demo', () => {
  it(
    'takes one payment round, writes what it saw, stops everything and exits with 0',
    async () => {
      const file = join(temporaryFolder(), 'seen.json');
      const demo = Demo.start('--once', '--json', file);
      await demo.says('sandbox and services are ready');

      expect(await demo.exitCode()).toBe(0);

      await expectNothingLeft(demo);
      const seen: unknown = JSON.parse(readFileSync(file, 'utf8'));
      expect(seen).toMatchObject({
        ok: true,
        payment: { status: 'paid' },
        ledger: {
          entries: [{ gross: { currency: 'CNY', minor: '12800' }, sum: '0' }],
          volumes: { platform: ['taobao'], ok: [1], gross: ['12800'] },
          uniquePayers: { uniques: 1 },
        },
      });
      expect(Reflect.get(Object(seen), 'timeline')).toEqual(
        [
          ['payment.requested', 'checkout'],
          ['payment.offered', 'routing'],
          ['payment.method_selected', 'checkout'],
          ['attempt.accepted', 'routing'],
          ['attempt.requested', 'routing'],
          ['attempt.awaiting_payer', 'wechat-gateway'],
          ['attempt.succeeded', 'wechat-gateway'],
          ['payment.paid', 'checkout'],
          ['booked', 'ledger'],
        ].map(([event, service]) => expect.objectContaining({ event, service })),
      );
    },
    READY_WITHIN_MS + GONE_WITHIN_MS,
  );

  it(
    'tells the story, scene by scene, and stops everything',
    async () => {
      const file = join(temporaryFolder(), 'story.json');
      const demo = Demo.start('--story', '--payments', '400', '--json', file);
      await demo.says('sandbox and services are ready');

      expect(await demo.exitCode()).toBe(0);

      await expectNothingLeft(demo);
      const told: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const policyVersion = '2023-11-pilot';
      expect(told).toMatchObject({
        ok: true,
        scenes: expect.arrayContaining([
          expect.objectContaining({
            title: 'only for a share of all payers',
            payments: [
              expect.objectContaining({
                payment: expect.objectContaining({ status: 'offered', attempts: [] }),
                decisions: expect.objectContaining({
                  decisions: [expect.objectContaining({ policyVersion })],
                }),
              }),
            ],
          }),
        ]),
      });
      expect(Reflect.get(Object(told), 'scenes')).toHaveLength(21);
    },
    2 * READY_WITHIN_MS + GONE_WITHIN_MS,
  );

  it(
    'ends with 1 where a service is killed before the payment is round, naming step and service',
    async () => {
      const file = join(temporaryFolder(), 'failed.json');
      const demo = Demo.start('--once', '--json', file);
      await demo.says('sandbox and services are ready');

      process.kill(memberOf(demo, /\bcheckout\/dist\/main\.js$/), 'SIGKILL');

      expect(await demo.exitCode()).toBe(1);
      await expectNothingLeft(demo);
      const seen: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const message = expect.stringContaining('checkout ended unasked with signal SIGKILL');
      expect(seen).toMatchObject({
        ok: false,
        failed: { step: expect.any(String), service: 'checkout', message },
      });
    },
    READY_WITHIN_MS + GONE_WITHIN_MS,
  );

  it(
    'starts a service again that is killed later, and stops all of it at Ctrl-C, and says both',
    async () => {
      const demo = Demo.start();
      await demo.says(RUNNING);
      expectAllOfIt(demo);

      process.kill(memberOf(demo, /\bcheckout\/dist\/main\.js$/), 'SIGKILL');

      await demo.says('checkout ended unasked with signal SIGKILL');
      await demo.says('checkout is back');
      ctrlC(demo);
      await demo.exitCode();
      await expectNothingLeft(demo);
      expect(demo.text()).toMatch(/ stopping services and sandbox.*\n(.*\n)*stopped\n$/);
    },
    READY_WITHIN_MS + GONE_WITHIN_MS,
  );

  type Row = { how: string; once: string; end: (demo: Demo) => void };
  it.each<Row>`
    how                          | once        | end
    ${'Ctrl-C while it starts'}  | ${STARTING} | ${ctrlC}
    ${'kill -9 of npm'}          | ${RUNNING}  | ${(demo: Demo) => demo.npm.kill('SIGKILL')}
    ${'kill -9 of its Node'}     | ${RUNNING}  | ${(demo: Demo) => process.kill(launcherOf(demo), 'SIGKILL')}
    ${'kill -9 while it starts'} | ${STARTING} | ${(demo: Demo) => process.kill(launcherOf(demo), 'SIGKILL')}
  `(
    'leaves no process and no folder behind after $how',
    async ({ once, end }) => {
      const demo = Demo.start();
      await demo.says(once);
      expectAllOfIt(demo);

      end(demo);

      await demo.exitCode();
      await expectNothingLeft(demo);
    },
    READY_WITHIN_MS + GONE_WITHIN_MS,
  );
});
