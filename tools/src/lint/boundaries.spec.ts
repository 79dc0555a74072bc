import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { allowed, forbidden, type LintCase } from './forbidden.js';

const root = join(import.meta.dirname, '../../..');
const named = (cases: readonly LintCase[]) => [...cases];

describe('lint', () => {
  const typedLinter = new ESLint({ cwd: root });
  let linter: ESLint;

  beforeAll(async () => {
    // The boundary rule reads Nx's graph from its cache, and says nothing at all without one.
    const env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', NX_NO_CLOUD: 'true' };
    await promisify(execFile)(join(root, 'node_modules/.bin/nx'), ['show', 'projects'], {
      cwd: root,
      env,
    });

    // The files of these cases are in no project, so rules that ask for types are tried apart.
    const typeless = { ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] };
    linter = new ESLint({
      cwd: root,
      overrideConfig: [typeless, { languageOptions: { parserOptions: { projectService: false } } }],
    });
  });

  const complaints = async (file: string, code: string, by = linter): Promise<string[]> => {
    const [result] = await by.lintText(code, { filePath: join(root, file) });
    return (result?.messages ?? []).map((m) => m.message);
  };

  it.each(named(forbidden.boundaries))('refuses %s', async (_, file, code, answer) => {
    expect(await complaints(file, code)).toContainEqual(expect.stringMatching(answer));
  });
  it.each(named(forbidden.evasions))(
    'refuses in a pure file: %s',
    async (_, file, code, answer) => {
      expect(await complaints(file, code)).toContainEqual(expect.stringMatching(answer));
    },
  );
  it.each(named(forbidden.everywhere))('refuses %s', async (_, file, code, answer) => {
    expect(await complaints(file, code)).toContainEqual(expect.stringMatching(answer));
  });
  it.each(named(forbidden.typed))('refuses %s', async (_, file, code, answer) => {
    expect(await complaints(file, code, typedLinter)).toContainEqual(expect.stringMatching(answer));
  });
  it.each([...allowed])('accepts %s', async (_, file, code) => {
    expect(await complaints(file, code)).toEqual([]);
  });
});
