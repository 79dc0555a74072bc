import { ok, refuse, type Result } from '@hutong/result';
import { JsonPlace, type Mistake } from './json-place.js';
import type { Shape } from './json-shape.js';
import { policyShape } from './policy-shape.js';
import type { Policy } from './policy.js';

/**
 * A policy file's content. Unknown members are mistakes, since a condition that is not read would
 * open its method to everybody.
 * @returns the policy, or every mistake with its JSON path.
 */
export const parsePolicy = (document: unknown): Result<Policy, readonly Mistake[]> =>
  readDocument(policyShape, document);

/** Any document by its shape. @returns what it means, or every mistake with its JSON path. */
export function readDocument<T>(shape: Shape<T>, document: unknown): Result<T, readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  const value = shape.read(JsonPlace.of(document, mistakes));
  return value === undefined || mistakes.length > 0 ? refuse(mistakes) : ok(value);
}
