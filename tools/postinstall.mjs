// Applies the reviewed patches in patches/ to node_modules; each has a spec that fails without it.
import { existsSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const patches = join(root, 'patches');
if (existsSync(patches) && readdirSync(patches).length > 0) {
  const patchPackage = join(root, 'node_modules/patch-package/index.js');
  const { status } = spawnSync(process.execPath, [patchPackage, '--error-on-fail'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
