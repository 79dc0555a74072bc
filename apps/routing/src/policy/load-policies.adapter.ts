import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformId } from '@hutong/domain-events';
import { parsePolicy } from './parse-policy.js';
import type { Policies } from './policies.js';
import type { Policy } from './policy.js';

/**
 * Reads every `*.json` of a folder, one platform's policy each.
 * @throws Error naming each mistake of each file by its JSON path: with half of its policies a service
 *   would offer nothing where something was meant to be offered.
 */
export async function loadPolicies(folder: string): Promise<Policies> {
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.json$/.test(name)).toSorted();
  const mistakes = names.length === 0 ? [`${folder} holds no policy`] : [];
  const found = new Map<PlatformId, Policy>();
  for (const name of names) {
    const parsed = parsePolicy(jsonOf(await readFile(join(folder, name), 'utf8')));
    if (!parsed.ok) {
      mistakes.push(...parsed.refusal.map(({ path, wanted }) => `${name} ${path}: ${wanted}`));
    } else if (found.has(parsed.value.platform)) {
      mistakes.push(`${name} $.platform: a platform that no other file has`);
    } else {
      found.set(parsed.value.platform, parsed.value);
    }
  }
  if (mistakes.length > 0) throw new Error(`bad policies, wanted are:\n${mistakes.join('\n')}`);
  return found;
}

/** What is no JSON at all is told as a mistake at `$`, like any other document that is no policy. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
