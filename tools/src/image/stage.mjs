// node tools/src/image/stage.mjs APP FOLDER: what one app needs in production, as its image holds it.
// Packages are copied as the lock file installed them and our patches changed them, at the same places,
// so that the image runs what was tested. Nothing is installed a second time.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { requireApp, root } from './apps.mjs';

/** Of our own packages; everything else there is source, specs and what tools read. */
const SHIPPED = [
  'package.json',
  'dist',
  'migrations',
  'prisma/migrations',
  'policies',
  'contract-rates.json',
];
const NOT_SHIPPED = /\.(d\.ts|d\.ts\.map|tsbuildinfo)$/;

/** Copies `app` of the repository `at` with its closure of packages to `folder`. */
export function stage(app, folder, at = root) {
  requireApp(app, at);
  for (const place of closureOf(join(at, 'apps', app))) {
    const to = join(folder, relative(at, place));
    if (isOurs(place, at)) ship(place, to);
    else cpSync(place, to, { recursive: true, filter: (path) => !isNested(path, place) });
  }
  linkOurs(folder);
  cpSync(join(import.meta.dirname, 'end-on-signal.mjs'), join(folder, 'end-on-signal.mjs'));
}

/** The folders of every package that the one in `start` reaches by what it needs in production. */
export function closureOf(start) {
  const found = new Set();
  const open = [start];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (found.has(place)) continue;
    found.add(place);
    const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    for (const [name, mayLack] of needsOf(manifest)) {
      const resolved = resolve(name, place);
      if (resolved !== undefined) open.push(resolved);
      else if (!mayLack) throw new Error(`${manifest.name} needs ${name}, which is not installed`);
    }
  }
  return found;
}

/** Names of packages, and whether it may do without. */
function needsOf({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  const optional = Object.keys(optionalDependencies ?? {});
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (name) => peerDependenciesMeta?.[name]?.optional !== true,
  );
  return new Map([
    ...peers.map((name) => [name, false]),
    ...Object.keys(dependencies ?? {}).map((name) => [name, false]),
    ...optional.map((name) => [name, true]),
  ]);
}

/** As Node finds it: in the nearest node_modules, links of the workspace followed. */
function resolve(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (at === dirname(at)) return undefined;
  }
}

const isOurs = (place, at) => !relative(at, place).split('/').includes('node_modules');

/** Packages inside of a package are in the closure by themselves, if they are needed. */
const isNested = (path, place) => relative(place, path).split('/')[0] === 'node_modules';

function ship(place, to) {
  for (const part of SHIPPED.filter((one) => existsSync(join(place, one)))) {
    cpSync(join(place, part), join(to, part), {
      recursive: true,
      filter: (path) => !NOT_SHIPPED.test(path),
    });
  }
}

/** The workspace's links, to those of our libraries that were shipped. */
function linkOurs(folder) {
  const libs = join(folder, 'libs');
  const links = join(folder, 'node_modules/@hutong');
  mkdirSync(links, { recursive: true });
  for (const lib of readdirSync(libs)) symlinkSync(join('../../libs', lib), join(links, lib));
}

if (import.meta.main) {
  const [app = '', folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node stage.mjs APP FOLDER');
  stage(app, folder);
}
