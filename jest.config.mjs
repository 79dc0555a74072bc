import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectsAt } from './jest.preset.mjs';

/** Everything in one run, so that all integration specs share one broker and one database. */
const root = import.meta.dirname;
const kinds = (process.env.HUTONG_SPECS ?? 'unit,int').split(',');
const packages = ['libs', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(root, group, name)),
);

export default {
  rootDir: root,
  testTimeout: 60_000,
  projects: [...packages, join(root, 'tools')].flatMap((dir) => projectsAt(dir, ...kinds)),
};
