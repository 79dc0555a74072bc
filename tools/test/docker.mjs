import { spawn } from 'node:child_process';

/** What the container back end starts; `libs/testing` and testcontainers name them. */
const IMAGES = ['postgres:18', 'apache/kafka:4.3.1', 'testcontainers/ryuk:0.14.0'];

/**
 * Why containers cannot be started here; undefined if they can. An engine alone is not enough: it also
 * needs the images, or a registry that it reaches.
 */
export async function missingForContainers() {
  if (!(await docker(5_000, 'version'))) return 'no Docker engine answers; with one started';
  for (const image of IMAGES) {
    const there = await docker(10_000, 'image', 'inspect', image);
    if (!there && !(await docker(120_000, 'pull', '--quiet', image))) {
      return `the Docker engine has no image ${image} and cannot pull it; where it can`;
    }
  }
  return undefined;
}

/** Whether a command of the engine ends well, within a time. */
function docker(withinMs, ...args) {
  return new Promise((resolve) => {
    const asked = spawn('docker', args, { stdio: 'ignore', timeout: withinMs });
    asked.on('error', () => resolve(false));
    asked.on('close', (code) => resolve(code === 0));
  });
}
