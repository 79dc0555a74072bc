import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const tools = pathToFileURL(join(import.meta.dirname, '../../build.mjs')).href;
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hutong-build-spec-'));
  plant('one', []);
  plant('two', [{ path: '../one/tsconfig.lib.json' }]);
  plant('three', []);
});
afterAll(() => rmSync(root, { recursive: true }));

function plant(app: string, references: readonly object[]): void {
  mkdirSync(join(root, 'apps', app, 'src'), { recursive: true });
  writeFileSync(join(root, 'apps', app, 'src/main.ts'), 'export const answer: number = 42;\n');
  const compilerOptions = {
    rootDir: 'src',
    outDir: 'dist',
    tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo',
    composite: true,
    types: [],
    lib: ['es2022'],
    skipLibCheck: true,
  };
  const files = { include: ['src/**/*.ts'], exclude: ['src/**/*.spec.ts'] };
  const config = { compilerOptions, ...files, references };
  writeFileSync(join(root, 'apps', app, 'tsconfig.lib.json'), JSON.stringify(config));
}

/** Builds as `npm run demo` and `npm test` do. */
function build(...projects: readonly [wanted?: readonly string[]]): void {
  const given = JSON.stringify([root, ...projects]);
  const program = `
    import { buildArguments } from '${tools}';
    console.log(JSON.stringify(buildArguments(...${given})));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', program]);
  const args = JSON.parse(said.toString()) as string[];
  execFileSync(process.execPath, [tsc, ...args], { cwd: root });
}

const main = (app: string) => join(root, 'apps', app, 'dist/main.js');
const noted = (app: string) => join(root, 'apps', app, 'dist/tsconfig.lib.tsbuildinfo');

it('compiles a file again that is gone though the compiler noted that it was written', () => {
  build();
  rmSync(main('one'));
  expect(existsSync(noted('one'))).toBe(true);

  build();

  expect(existsSync(main('one'))).toBe(true);
});

it('does so for what is wanted and what that stands on, and leaves the rest as it is', () => {
  build();
  for (const app of ['one', 'two', 'three']) rmSync(main(app));

  build(['apps/two/tsconfig.lib.json']);

  expect(['one', 'two', 'three'].filter((app) => existsSync(main(app)))).toEqual(['one', 'two']);
  expect(existsSync(noted('three'))).toBe(true);
});
