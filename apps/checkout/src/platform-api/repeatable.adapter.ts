import { createHash } from 'node:crypto';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request } from 'express';
import type { KeyOwner, Repeatable } from '../store/idempotency.repository.js';
import { refusalProblem } from './refusal-problem.adapter.js';
import { headerRefusals } from './refusals.js';

/**
 * The request as one that may be repeated; undefined if its sender gave it no key. The path counts as
 * the body does: the same key for another payment is another request.
 * @throws ProblemException on a key that is none.
 */
export function repeatableFrom(
  request: RawBodyRequest<Request>,
  platform: KeyOwner,
  route: string,
): Repeatable | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw refusalProblem(headerRefusals, { code: 'idempotency_key_invalid' });
  }
  const fingerprint = createHash('sha256')
    .update(`${request.path}\n`)
    .update(request.rawBody ?? '')
    .digest('hex');
  return { platform, route, key, fingerprint };
}
