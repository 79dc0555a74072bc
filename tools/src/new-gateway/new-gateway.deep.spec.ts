import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../k8s/repository.js';
import { workingCopy } from '../working-copy.js';

/** Nobody's name. */
const NAME = 'madeup';
/** What a run of jest says of itself, as far as it is looked at. */
type Suite = Readonly<{
  testResults: readonly Readonly<{
    message: string;
    assertionResults: readonly Readonly<{
      title: string;
      status: string;
      failureMessages: readonly string[];
    }>[];
  }>[];
}>;

/** What the page has people type, for a provider of ours. */
const [generating = '', ...typed] =
  /^```sh\n(.*?)^```/ms
    .exec(readFileSync(join(root, 'docs/add-a-provider.md'), 'utf8'))?.[1]
    ?.replaceAll('bestpay', NAME)
    .trimEnd()
    .split('\n') ?? [];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-new-gateway-'));
  await workingCopy(root, folder);
  await run('sh', ['-c', generating]);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const path = `${join(folder, 'node_modules/.bin')}:${process.env['PATH']}`;
  const nx = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NODE_OPTIONS: '' };
  return promisify(execFile)(command, args, {
    cwd: folder,
    timeout: 590_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...nx, PATH: path, ...env },
  });
};

const changed = async (): Promise<string[]> => {
  const { stdout } = await run('git', ['status', '--porcelain', '--untracked-files=normal']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(3));
};

/** In the order in which somebody who adds a provider meets them: each goes on from the one before. */
describe('a gateway for a further provider', () => {
  it('takes what the page says', () => {
    // Checks and the suite are run below piece by piece: as far as a new provider can matter to them.
    const [checks, suite] = ['npm run check', `npx nx test @hutong/${NAME}-gateway`];
    expect(typed).toEqual(['npm run docs', 'npm run k8s', checks, suite]);
  });

  it('is in folders of its own, and one entry where all providers are named', async () => {
    expect(await changed()).toMatchInlineSnapshot(`
     [
       "apps/e2e/src/ring-state.examples.ts",
       "apps/ledger/contract-rates.json",
       "apps/ledger/src/posting/codes.spec.ts",
       "apps/ledger/src/posting/codes.ts",
       "apps/provider-sandbox/src/main.ts",
       "apps/provider-sandbox/src/played-providers.module.ts",
       "apps/provider-sandbox/src/sandbox.config.spec.ts",
       "apps/provider-sandbox/src/sandbox.config.ts",
       "apps/routing/policy.schema.json",
       "apps/routing/src/offer/offer.ts",
       "apps/routing/src/policy/acceptance.ts",
       "docker-compose.yml",
       "k8s/components/dev-dependencies/provider-sandbox.yaml",
       "k8s/overlays/dev/kustomization.yaml",
       "k8s/overlays/dev/migrations/kustomization.yaml",
       "libs/domain-events/src/method.ts",
       "libs/domain-events/src/topics.ts",
       "libs/world/src/account-files.spec.ts",
       "libs/world/src/account-files.ts",
       "libs/world/src/provider-control.ts",
       "libs/world/src/ring-gateways.ts",
       "libs/world/src/shown-order.ts",
       "libs/world/src/well-known-ports.ts",
       "package-lock.json",
       "tools/compose/secrets.mjs",
       "tsconfig.json",
       "apps/madeup-gateway/",
       "apps/provider-sandbox/src/madeup/",
       "k8s/base/madeup-gateway/",
       "k8s/tests/madeup-alone/",
       "k8s/tests/madeup-tuned/",
     ]
    `);
  });

  it('compiles, with everything that names all providers', async () => {
    await run('tsc', ['--build', 'tsconfig.json']);
  }, 600_000);

  it('takes the commands that operators have for every service', async () => {
    const { stdout } = await run('npm', [
      'run',
      '--silent',
      'redrive',
      '--',
      `${NAME}-gateway`,
      '--help',
    ]);
    expect(stdout).toContain('usage: node dist/main.js redrive');
  }, 120_000);

  it('is in the generated documents and manifests, which then are in step', async () => {
    for (const command of typed.slice(0, 2)) {
      await run('sh', ['-c', command]);
      await run('sh', ['-c', `${command} -- --check`]);
    }
    expect(readFileSync(join(folder, 'docs/events.md'), 'utf8')).toContain(`gateway.${NAME}`);
    const rendered = readFileSync(join(folder, 'k8s/rendered/keda-strimzi.yaml'), 'utf8');
    expect(rendered).toContain(`name: ${NAME}-gateway-worker`);
    await run('nx', ['sync:check']);
  }, 300_000);

  it('is written as everything else is', async () => {
    const paths = (await changed()).filter((path) => !path.startsWith('k8s/rendered'));
    await run('prettier', ['--check', '--log-level=warn', ...paths]);
    const linted = paths.filter(
      (path) => /(\.[mc]?[jt]s|\/)$/.test(path) && !/^(k8s|docs)/.test(path),
    );
    await run('eslint', ['--max-warnings', '0', ...linted]);
  }, 300_000);

  it('passes the conformance suite but where something is not written yet', async () => {
    const report = join(folder, 'conformance.json.report');
    const suite = await jest(['--selectProjects', `apps/${NAME}-gateway int`], report);
    const tests = suite.testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = tests.filter(({ status }) => status !== 'passed');
    const otherwise = failed.filter(({ failureMessages }) =>
      failureMessages.some((said) => !said.startsWith('NotWrittenYet: not written yet: ')),
    );
    expect(otherwise).toEqual([]);
    expect(failed.map(({ title }) => title)).toMatchInlineSnapshot(`
     [
       "opens one order, however often it is asked to",
       "does not know what became of a lost answer, asks, and sends the same again",
       "believes no answer that does not verify",
       "finds money of which nobody told it",
       "applies a notification once, however often and at once it comes",
       "refuses what is forged, altered or replayed, and takes the genuine one after it",
       "puts a wrong amount aside, asks, and believes the answer",
       "takes money that comes before the answer to its own call",
       "says that an order has expired, and that it was paid all the same",
       "brings an order to its end that has to have one, and says why",
       "closes nothing that was paid before",
       "gives money back once, however often it is asked to and told of it",
       "asks what became of a refund whose answer was lost, and sends no other",
       "puts a refund of a wrong amount aside, asks, and believes the answer",
       "opens what was sealed to it, and keeps nothing of it behind the sending",
     ]
    `);
    expect(tests.filter((test) => !failed.includes(test)).map(({ title }) => title)).toEqual([
      'sends nothing of what was sealed to another gateway',
    ]);
  }, 300_000);

  it('fails no other spec: tables, books, manifests, compose', async () => {
    const projects = ['libs/domain-events', 'libs/world', 'apps/ledger', 'apps/routing', 'tools'];
    const units = [...projects, `apps/${NAME}-gateway`].map((name) => `${name} unit`);
    const about =
      'catalogue|account-files|codes|contract-rates|polic|acceptance|offer.spec|k8s|compose|config.spec';
    const report = join(folder, 'units.json.report');
    const said = await jest(['--selectProjects', ...units, '--testPathPatterns', about], report);
    expect(said.testResults.map(({ message }) => message).join('')).toBe('');
  }, 300_000);
});

/** Runs specs of the copy. */
async function jest(args: readonly string[], report: string): Promise<Suite> {
  await run('jest', [...args, '--json', '--outputFile', report], {
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    HUTONG_SPECS: 'unit,int',
    HUTONG_BACKEND: undefined, // the servers of this run
  }).catch((failed: unknown) => failed); // what failed is in the report
  return JSON.parse(readFileSync(report, 'utf8')) as Suite;
}

describe('npm run new:gateway', () => {
  it.each([
    ['alipay', 'alipay is a provider already'],
    ['Made-Up', "'Made-Up' should match the pattern"],
  ])(
    'refuses %s',
    async (name, why) => {
      const refused = run('npm', ['run', '--silent', 'new:gateway', '--', name]);
      await expect(refused).rejects.toThrow(why);
    },
    60_000,
  );
});
