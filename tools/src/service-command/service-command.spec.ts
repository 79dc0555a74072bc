import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { root } from '../k8s/repository.js';

/** A checkout in which nothing is built, of a service that nobody knew when the launcher was written. */
let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'hutong-service-command-'));
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  for (const file of [
    'tools/service-command.mjs',
    'tools/build.mjs',
    'tools/generate.mjs',
    'tools/test/checks.mjs',
    'tools/src/image/apps.mjs',
  ]) {
    cpSync(join(root, file), join(checkout, file));
  }
  plantApp('bestpay-gateway', { '@hutong/domain-events': '*' });
  plantApp('provider-sandbox', {});
});
afterAll(() => rmSync(checkout, { recursive: true }));

const WRONG = 'export const fen: bigint = 1;\n';
/** It says what it was asked, and ends with 3. */
const MAIN = `
  declare const process: { argv: string[]; exitCode: number };
  declare const console: { log(...said: string[]): void };
  console.log(...process.argv.slice(2));
  process.exitCode = 3;`;

function plantApp(name: string, dependencies: object): void {
  plant(`apps/${name}/package.json`, JSON.stringify({ type: 'module', dependencies }));
  plant(`apps/${name}/src/main.ts`, MAIN);
  const emitted = { rootDir: 'src', outDir: 'dist', composite: true };
  const compilerOptions = { ...emitted, lib: ['es2022'], types: [], skipLibCheck: true };
  const config = { compilerOptions, include: ['src/**/*.ts'] };
  plant(`apps/${name}/tsconfig.lib.json`, JSON.stringify(config));
}

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

function launch(...args: readonly string[]) {
  const launcher = join(checkout, 'tools/service-command.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

it('builds what is not built, runs the command, and ends as it does', () => {
  const ran = launch('redrive', 'bestpay-gateway', '--key', 'k');
  expect(ran).toMatchObject({ status: 3, stdout: 'redrive --key k\n' });
}, 130_000);

it('builds nothing but the service', () => {
  plant('apps/provider-sandbox/src/wrong.ts', WRONG);
  const ran = launch('rewind', 'bestpay-gateway');
  expect(ran).toMatchObject({ status: 3, stdout: 'rewind\n' });
}, 130_000);

it('says at what the build stopped, and runs nothing', () => {
  plant('apps/bestpay-gateway/src/wrong.ts', WRONG);
  const { status, stdout, stderr } = launch('redrive', 'bestpay-gateway');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('src/wrong.ts');
}, 130_000);

it.each([['provider-sandbox'], ['betspay-gateway'], ['']])(
  'refuses %j and names the services that there are',
  (service) => {
    const { status, stderr } = launch('redrive', service);
    expect(status).toBe(2);
    expect(stderr).toContain('usage: npm run redrive -- bestpay-gateway [arguments]\n');
  },
  30_000,
);

it('starts every service that npm runs from a checkout', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const unbuilt = Object.entries(scripts).filter(([, script]) => script.includes('dist/'));
  expect(unbuilt).toEqual([]);
  expect(scripts).toMatchObject({
    keys: 'node tools/service-command.mjs keys checkout',
    'ledger:verify': 'node tools/service-command.mjs verify ledger',
  });
});
