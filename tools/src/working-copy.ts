import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** What is made of sources, and so not committed. */
const MADE = ['dist', 'out-tsc', 'src/generated'];

/**
 * A copy of what is committed, with the packages that are installed here and what was built of ours: what is
 * changed in it is changed nowhere else. @param folder that is there and empty. @throws Error if git fails.
 */
export async function workingCopy(root: string, folder: string): Promise<void> {
  await promisify(execFile)('git', ['clone', '--quiet', '--local', root, folder]);
  appendFileSync(join(folder, '.git/info/exclude'), 'node_modules\n*.json.report\n');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@hutong'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@hutong') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const path of globSync('{apps/*,libs/*,tools}', { cwd: folder })) {
    symlinkSync(join(folder, path), join(modules, '@hutong', basename(path)));
    const nested = join(root, path, 'node_modules');
    if (existsSync(nested)) symlinkSync(nested, join(folder, path, 'node_modules'));
    for (const made of MADE) {
      const from = join(root, path, made);
      if (!existsSync(from)) continue;
      cpSync(from, join(folder, path, made), { recursive: true, preserveTimestamps: true });
    }
  }
}
