import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';
import { LONGEST_WAIT_SECONDS } from '../platform-api/wait.js';

export class WaitQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description:
      'Seconds to wait for a change; more than 30 are 30. Of one key at most 500 requests wait at once on ' +
      'an instance: one more that would have to wait is answered 429 (`too_many_waits`).',
  })
  @MayBeAbsent()
  @Matches(/^\d{1,9}$/)
  wait?: string;
}

export const waitSeconds = ({ wait = '0' }: WaitQuery): number =>
  Math.min(Number(wait), LONGEST_WAIT_SECONDS);

/**
 * Whether the caller has a version, as the entity tags of `If-None-Match` say: one or a list of them, or
 * `*` for any; undefined if none is ours.
 */
export function knownBy(tags: string | undefined): ((version: number) => boolean) | undefined {
  if (tags?.trim() === '*') return () => true;
  const versions = [...(tags ?? '').matchAll(/"([^"]*)"/g)].flatMap(([, tag = '']) =>
    /^\d{1,9}$/.test(tag) ? [Number(tag)] : [],
  );
  return versions.length === 0 ? undefined : (version) => versions.includes(version);
}
