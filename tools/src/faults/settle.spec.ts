import { expect, it } from '@jest/globals';
import { patientUntil } from './settle.js';

const MINUTE = 60_000;

it.each<{ dueIn: number | undefined; minutes: number }>`
  dueIn        | minutes
  ${undefined} | ${15}
  ${-1}        | ${15}
  ${5}         | ${20}
  ${30}        | ${45}
  ${120}       | ${15}
`(
  'gives $minutes minutes where a refused refund is tried again in $dueIn',
  ({ dueIn, minutes }) => {
    const since = Date.UTC(2027, 0, 31);
    const dueAt = dueIn === undefined ? undefined : since + dueIn * MINUTE;

    expect(patientUntil(since, dueAt)).toBe(since + minutes * MINUTE);
  },
);
