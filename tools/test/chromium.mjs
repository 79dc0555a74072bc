import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const HOW = 'apt-get install -y chromium';
const WITHIN_MS = 240_000;

/**
 * The browser that the payer page is tried in. Where Debian's packages can be had it is installed;
 * elsewhere its absence is said aloud, and the spec that needs it counts as skipped.
 */
export function ensureChromium(report = console.log) {
  if (PLACES.some((place) => existsSync(place))) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    report(`no Chromium here: ${HOW}…`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      spawnSync('/usr/bin/apt-get', ['-q', ...args], { env, timeout: WITHIN_MS, stdio: 'ignore' });
    }
  }
  if (PLACES.some((place) => existsSync(place))) return;
  report(`!! NO BROWSER: the payer page stays untried; ${HOW} brings one`);
}
