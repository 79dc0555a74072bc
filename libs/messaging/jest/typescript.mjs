// Lets a process that a spec starts run the sources as jest does: decorators and their metadata
// included, before anything is built. Beside it goes --conditions=@hutong/source.
import { transformSync } from '@swc/core';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { projectsAt } from '../../../jest.preset.mjs';

const [{ transform }] = projectsAt(import.meta.dirname, 'unit');
const [, options] = transform['^.+\\.ts$'];

registerHooks({
  resolve(specifier, context, next) {
    const relative = /^\.{1,2}\/.*\.js$/.test(specifier);
    const fromSource = context.parentURL?.endsWith('.ts') === true;
    return next(relative && fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const { source } = next(url, { ...context, format: 'module' });
    const filename = fileURLToPath(url);
    const { code } = transformSync(String(source), { ...options, filename, swcrc: false });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
