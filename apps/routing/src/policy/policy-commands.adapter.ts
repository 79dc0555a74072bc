import { readFile } from 'node:fs/promises';
import { explainHypothetical, hypotheticalShape } from './explain-request.js';
import { jsonOf, loadPolicies, mistakeLines } from './load-policies.adapter.js';
import { readDocument } from './parse-policy.js';
import type { Policies } from './policies.js';

/**
 * What stands in the files of a folder, a line per version.
 * @throws Error naming each mistake of each file, as a start of the service would.
 */
export async function describePolicies(folder: string, now: Date): Promise<string> {
  const policies = await loadPolicies(folder);
  return [...policies.values()]
    .flatMap(({ platform, versions }) =>
      versions.map(({ version, effectiveFrom, methods }) => {
        const from = effectiveFrom.toISOString();
        const isFuture = effectiveFrom.getTime() > now.getTime() ? ' (not yet)' : '';
        return `${platform} ${version} from ${from}${isFuture}: ${methods.length} methods`;
      }),
    )
    .join('\n');
}

/**
 * A dry run: what the policies of a folder would answer to the request in a file, as JSON.
 * @throws Error naming each mistake in the policies, or in the request.
 */
export async function explainRequest(folder: string, file: string, now: Date): Promise<string> {
  const policies: Policies = await loadPolicies(folder);
  const asked = readDocument(hypotheticalShape, jsonOf(await readFile(file, 'utf8')));
  if (!asked.ok) {
    throw new Error(`bad request, wanted are:\n${mistakeLines(file, asked.refusal).join('\n')}`);
  }
  return JSON.stringify(explainHypothetical(policies, asked.value, now), null, 2);
}
