import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const here = import.meta.dirname;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-image-spec-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function plant(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('npm run image', () => {
  /** Runs the command with an engine that only says how it was asked, and ends with `code`. */
  function image(args: readonly string[], code = 0) {
    const docker = plant('bin/docker', `#!/bin/sh\necho "asked: $*"\nexit ${code}\n`);
    chmodSync(docker, 0o755);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(here, 'image.mjs'), ...args],
      { env: { PATH: `${dirname(docker)}:${process.env['PATH']}` }, encoding: 'utf8' },
    );
    const asked = stdout.split('\n').filter((line) => line.startsWith('asked: '));
    return { status, said: stdout + stderr, asked };
  }

  it('builds each named app by the one recipe', () => {
    const { status, asked } = image(['checkout', 'ledger', '--tag', '1.2.3']);

    expect([status, asked]).toEqual([
      0,
      [
        'asked: build --build-arg APP=checkout --tag hutong/checkout:1.2.3 .',
        'asked: build --build-arg APP=ledger --tag hutong/ledger:1.2.3 .',
      ],
    ]);
  });

  it('takes another base', () => {
    expect(image(['routing', '--base', 'node@sha256:0']).asked).toEqual([
      'asked: build --build-arg APP=routing --tag hutong/routing:dev --build-arg BASE=node@sha256:0 .',
    ]);
  });

  type Row = { args: string[]; says: string };
  it.each<Row>`
    args              | says
    ${['checkuot']}   | ${'there is no app checkuot: alipay-gateway, '}
    ${['e2e']}        | ${'there is no app e2e: '}
    ${[]}             | ${'which app? alipay-gateway, '}
    ${['--everyone']} | ${"Unknown option '--everyone'"}
  `('refuses $args and asks no engine', ({ args, says }) => {
    const { status, said, asked } = image(args);
    expect([status, asked]).toEqual([2, []]);
    expect(said).toContain(says);
  });

  it('says how it is used', () => {
    const { status, said } = image(['--help']);
    expect(status).toBe(0);
    expect(said).toContain('checkout, ledger, ');
  });

  it('stops at the first image that the engine does not build, with its exit code', () => {
    const { status, asked } = image(['checkout', 'ledger'], 17);
    expect([status, asked.length]).toEqual([17, 1]);
  });
});

describe('an image', () => {
  const manifest = (name: string, more: object = {}) => JSON.stringify({ name, ...more });

  it('holds an app, what it needs in production, and nothing else', () => {
    plant('src/apps/pay/src/main.ts', '');
    plant('src/apps/pay/dist/main.js', '');
    plant('src/apps/pay/dist/main.d.ts', '');
    plant('src/apps/pay/prisma/schema.prisma', '');
    plant('src/apps/pay/prisma/migrations/0001_pay/migration.sql', '');
    const needs = { dependencies: { '@hutong/one': '*' }, devDependencies: { tool: '1.0.0' } };
    plant('src/apps/pay/package.json', manifest('@hutong/pay', needs));
    plant(
      'src/libs/one/package.json',
      manifest('@hutong/one', {
        dependencies: { lib: '1.0.0' },
        optionalDependencies: { windows: '1.0.0' },
        peerDependencies: { peer: '1.0.0', toy: '1.0.0' },
        peerDependenciesMeta: { toy: { optional: true } },
      }),
    );
    plant('src/libs/one/dist/index.js', '');
    plant('src/libs/two/package.json', manifest('@hutong/two'));
    for (const name of ['lib', 'tool', 'peer', 'toy']) {
      plant(`src/node_modules/${name}/package.json`, manifest(name));
    }
    plant('src/node_modules/lib/package.json', manifest('lib', { dependencies: { peer: '0' } }));
    plant('src/node_modules/lib/node_modules/peer/package.json', manifest('peer'));
    plant('src/node_modules/lib/node_modules/left/package.json', manifest('left'));
    mkdirSync(join(folder, 'src/node_modules/@hutong'), { recursive: true });
    symlinkSync('../../libs/one', join(folder, 'src/node_modules/@hutong/one'));

    stage('pay', join(folder, 'staged'), join(folder, 'src'));

    const shipped = (path: string) => existsSync(join(folder, 'staged', path));
    expect(
      [
        'apps/pay/dist/main.js',
        'apps/pay/prisma/migrations/0001_pay/migration.sql',
        'node_modules/@hutong/one/dist/index.js',
        'node_modules/lib/package.json',
        'node_modules/lib/node_modules/peer/package.json',
        'node_modules/peer/package.json',
        'end-on-signal.mjs',
      ].filter((path) => !shipped(path)),
    ).toEqual([]);
    expect(
      [
        'apps/pay/src',
        'apps/pay/dist/main.d.ts',
        'apps/pay/prisma/schema.prisma',
        'libs/two',
        'node_modules/tool',
        'node_modules/toy',
        'node_modules/lib/node_modules/left',
      ].filter(shipped),
    ).toEqual([]);
  });

  it('is not made without something that the app needs', () => {
    plant('poor/apps/pay/src/main.ts', '');
    const needs = { dependencies: { gone: '1.0.0' } };
    plant('poor/apps/pay/package.json', manifest('@hutong/pay', needs));

    const { status, said } = stage('pay', join(folder, 'poor-staged'), join(folder, 'poor'));

    expect(status).not.toBe(0);
    expect(said).toContain('@hutong/pay needs gone, which is not installed');
  });

  /** As the Dockerfile does, with another repository. */
  function stage(app: string, to: string, at: string) {
    const program = `
      import { stage } from '${new URL('stage.mjs', import.meta.url).href}';
      stage(...${JSON.stringify([app, to, at])});`;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
    return { status: run.status, said: run.stderr.toString() };
  }
});

describe('the recipe', () => {
  const dockerfile = readFileSync(join(here, '../../../Dockerfile'), 'utf8');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  it('takes its base by argument, and no newer one than is meant', () => {
    expect(dockerfile).toMatch(/^ARG BASE=node:24-bookworm-slim$/m);
    expect(dockerfile.match(/^FROM (?!\$\{BASE\}|build AS )/gm)).toBeNull();
  });

  it('runs as nobody in particular, with Node as process 1', () => {
    const uid = /^USER (\d+):(\d+)$/m.exec(last);
    expect(Number(uid?.[1])).toBeGreaterThanOrEqual(10_000);
    expect(Number(uid?.[2])).toBeGreaterThanOrEqual(10_000);
    expect(last).toMatch(/^ENTRYPOINT \["node", .*"dist\/main.js"\]$/m);
  });
});

describe('a process that is number 1', () => {
  const preload = join(here, 'end-on-signal.mjs');

  /** Runs a program that then gets the signal; unheard, it would end with the signal and no status. */
  const hears = (program: string) =>
    spawnSync(
      process.execPath,
      [
        '--import',
        preload,
        '--input-type=module',
        '--eval',
        `${program}; setTimeout(() => process.exit(9), 10_000); process.kill(process.pid, 'SIGTERM');`,
      ],
      { encoding: 'utf8', timeout: 15_000 },
    );

  it('ends by a signal that nobody handles', () => {
    expect(hears('').status).toBe(143);
  });

  it('leaves the signal to the service once that handles it', () => {
    const { status, stdout } = hears(
      `process.on('SIGTERM', () => { console.log('mine'); process.exit(0); })`,
    );
    expect([status, stdout]).toEqual([0, 'mine\n']);
  });
});
