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

/** The version in an entity tag of ours; undefined if it is none. */
export function versionIn(tag: string | undefined): number | undefined {
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(tag ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
