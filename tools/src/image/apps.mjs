// Plain JavaScript on purpose: it also runs while an image is built.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** The apps that are run, by name: those with an entry. */
export const appsAt = (at = root) =>
  readdirSync(join(at, 'apps')).filter((app) => existsSync(join(at, 'apps', app, 'src/main.ts')));

/** @throws Error naming the apps that there are, unless `app` is one of them. */
export function requireApp(app, at = root) {
  const known = appsAt(at);
  if (known.includes(app)) return app;
  throw new Error(`there is no app ${app || '""'}: ${known.join(', ')}`);
}
