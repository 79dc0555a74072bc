import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './repository.js';

/**
 * Whether a service reads notifications by keys that it downloads from its provider, which whoever reads
 * one then does itself. From its source: nobody may import an app.
 */
export const downloadsKeys = (app: string): boolean =>
  globSync(`apps/${app}/src/*.client.ts`, { cwd: root }).some((file) =>
    /\bimplements ProviderKeys\b/.test(readFileSync(join(root, file), 'utf8')),
  );
