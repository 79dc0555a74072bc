// npm run image -- APP…: builds the images of the named apps. Plain JavaScript on purpose: it compiles
// nothing here, the image does.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { appsAt, requireApp, root } from './apps.mjs';

const USAGE = `npm run image -- APP… [options]

Builds hutong/APP:TAG with the Docker engine that answers. One recipe for all: the Dockerfile.

  APP           ${appsAt().join(', ')}
  --all         every one of them
  --tag TAG     dev, if nothing is said
  --base IMAGE  what the images stand on, instead of the Dockerfile's; a digest for production
  --help        this text`;

/** @returns the exit code: 2 for what cannot be understood, otherwise the engine's. */
export function image(args, build = dockerBuild) {
  let asked;
  try {
    asked = read(args);
  } catch (cause) {
    console.error(`${cause.message}\nnpm run image -- --help says what there is.`);
    return 2;
  }
  if (asked.help) console.log(USAGE);
  for (const app of asked.help ? [] : asked.apps) {
    const code = build({ app, tag: `hutong/${app}:${asked.tag}`, base: asked.base });
    if (code !== 0) return code;
  }
  return 0;
}

function read(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      tag: { type: 'string', default: 'dev' },
      base: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const apps = values.all ? appsAt() : positionals.map((app) => requireApp(app));
  if (apps.length === 0 && !values.help) throw new Error(`which app? ${appsAt().join(', ')}`);
  return { ...values, apps };
}

/** No `--pull`: a base that is there already is the one that is meant. */
function dockerBuild({ app, tag, base }) {
  const args = ['build', '--build-arg', `APP=${app}`, '--tag', tag];
  if (base !== undefined) args.push('--build-arg', `BASE=${base}`);
  console.log(`building ${tag}`);
  const { status, error } = spawnSync('docker', [...args, '.'], { cwd: root, stdio: 'inherit' });
  if (error !== undefined) console.error(`docker could not be started: ${error.message}`);
  return status ?? 127;
}

if (import.meta.main) process.exitCode = image(process.argv.slice(2));
