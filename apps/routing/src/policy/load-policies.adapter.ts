import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformId } from '@hutong/domain-events';
import type { Mistake } from './json-place.js';
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
      mistakes.push(...mistakeLines(name, parsed.refusal));
    } else if (found.has(parsed.value.platform)) {
      mistakes.push(`${name} $.platform: a platform that no other file has`);
    } else {
      found.set(parsed.value.platform, parsed.value);
    }
  }
  if (mistakes.length > 0) throw new Error(`bad policies, wanted are:\n${mistakes.join('\n')}`);
  return found;
}

/** `taobao.json $.versions[0].methods[1].label: 1 to 64 characters`, a line for each mistake. */
export const mistakeLines = (file: string, mistakes: readonly Mistake[]): readonly string[] =>
  mistakes.map(({ path, wanted }) => `${file} ${path}: ${wanted}`);

/** What is no JSON at all is told as a mistake at `$`, like any other document that is no policy. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
