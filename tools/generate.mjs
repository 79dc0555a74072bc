// Generates the Prisma client of every package that has a schema, where it is not up to date.
// Plain JavaScript on purpose: it runs before anything is built.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs, { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const prisma = join(root, 'node_modules/prisma');

/** Answers false after saying what failed. Says nothing if everything is up to date. */
export async function generate() {
  const apps = fs
    .globSync('{apps,libs}/*/prisma.config.ts', { cwd: root })
    .map((path) => join(root, path, '..'));
  const done = await Promise.all(apps.map((app) => isUpToDate(app) || generateOne(app)));
  return done.every(Boolean);
}

/** Beside the client, not in it: Prisma empties its own folder. */
const stampOf = (app) => join(app, 'src/generated/prisma.sha256');

function isUpToDate(app) {
  const stamp = stampOf(app);
  return (
    existsSync(join(app, 'src/generated/prisma/client.ts')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hashOf(app)
  );
}

/** Of everything that the generated code depends on. */
function hashOf(app) {
  const files = ['prisma.config.ts', 'prisma/schema.prisma'].map((path) => join(app, path));
  const hash = createHash('sha256');
  for (const file of [...files, join(prisma, 'package.json')]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

async function generateOne(app) {
  const started = performance.now();
  const hash = hashOf(app);
  const { code, said } = await run(['generate', '--config', join(app, 'prisma.config.ts')]);
  if (code !== 0) {
    console.error(`${basename(app)}: no Prisma client was generated\n${said}`);
    return false;
  }
  writeFileSync(stampOf(app), hash);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(`${basename(app)}: Prisma client generated in ${seconds} s`);
  return true;
}

/** The native schema engine would be downloaded, and is not needed to generate. */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(prisma, 'build/index.js'), ...args], {
      cwd: root,
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    });
    let said = '';
    child.stdout.on('data', (text) => (said += text));
    child.stderr.on('data', (text) => (said += text));
    child.on('error', (cause) => resolve({ code: 127, said: cause.message }));
    child.on('close', (code) => resolve({ code, said }));
  });
}

if (import.meta.main) process.exitCode = (await generate()) ? 0 : 1;
