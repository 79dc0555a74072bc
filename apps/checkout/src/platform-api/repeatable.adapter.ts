import type { RawBodyRequest } from '@nestjs/common';
import type { Request } from 'express';
import type { KeyOwner, Repeatable } from '../store/idempotency.repository.js';
import { requestFingerprint, type FingerprintKey } from '../store/request-fingerprint.signature.js';
import { refusalProblem } from './refusal-problem.adapter.js';
import { headerRefusals } from './refusals.js';

/** Reads from requests whether their senders may repeat them. */
export class RepeatableRequests {
  constructor(private readonly key: FingerprintKey) {}

  /**
   * The request as one that may be repeated; undefined if its sender gave it no key. The path counts as
   * the body does: the same key for another payment is another request.
   * @param route the template, `POST /payments/:paymentId/close`.
   * @throws ProblemException on a key that is none.
   */
  read(
    request: RawBodyRequest<Request>,
    platform: KeyOwner,
    route: string,
  ): Repeatable | undefined {
    const key = request.header('idempotency-key');
    if (key === undefined) return undefined;
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw refusalProblem(headerRefusals, { code: 'idempotency_key_invalid' });
    }
    const said = { path: request.path, body: request.rawBody ?? '' };
    return { platform, route, key, fingerprint: requestFingerprint(this.key, said) };
  }
}
