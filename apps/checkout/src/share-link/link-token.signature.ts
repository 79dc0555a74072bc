import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '@hutong/config';
import type { AttemptId } from '@hutong/domain-events';

const TOKEN_BYTES = 16;

/**
 * The first 128 bits of HMAC-SHA-256(key, link id), 22 characters of base64url. It is derived and not
 * drawn, so that a repeated request is shown the same link though only a hash of it is stored; without
 * the key it is as random as any.
 */
export const linkTokenOf = (key: Secret, link: AttemptId): string =>
  createHmac('sha256', key.reveal())
    .update(`hutong share link\0${link}`)
    .digest()
    .toString('base64url', 0, TOKEN_BYTES);

/** What is stored of a token, and looked up: how long a look-up takes says nothing of any token. */
export const linkHashOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex');
