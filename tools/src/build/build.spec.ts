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
  mkdirSync(join(root, 'apps/one/src'), { recursive: true });
  writeFileSync(join(root, 'apps/one/src/main.ts'), 'export const answer: number = 42;\n');
  const compilerOptions = {
    rootDir: 'src',
    outDir: 'dist',
    tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo',
    composite: true,
    types: [],
  };
  const config = { compilerOptions, include: ['src/**/*.ts'], exclude: ['src/**/*.spec.ts'] };
  writeFileSync(join(root, 'apps/one/tsconfig.lib.json'), JSON.stringify(config));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Builds as `npm run demo` and `npm test` do. */
function build(): void {
  const program = `
    import { buildArguments } from '${tools}';
    console.log(JSON.stringify(buildArguments(${JSON.stringify(root)})));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', program]);
  const args = JSON.parse(said.toString()) as string[];
  execFileSync(process.execPath, [tsc, ...args], { cwd: root });
}

it('compiles a file again that is gone though the compiler noted that it was written', () => {
  const main = join(root, 'apps/one/dist/main.js');
  build();
  rmSync(main);
  expect(existsSync(join(root, 'apps/one/dist/tsconfig.lib.tsbuildinfo'))).toBe(true);

  build();

  expect(existsSync(main)).toBe(true);
});
