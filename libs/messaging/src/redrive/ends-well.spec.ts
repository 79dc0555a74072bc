import { expect, it } from '@jest/globals';
import { endsWell } from './ends-well.js';
import type { Standing } from './redrive.js';

type Row = Readonly<{ standings: readonly Standing[]; keys: number; applied: boolean }>;
it.each<Row>`
  standings                    | keys | applied
  ${[]}                        | ${0} | ${true}
  ${['handled']}               | ${0} | ${true}
  ${['handled', 'handled']}    | ${1} | ${false}
  ${[]}                        | ${1} | ${false}
  ${['handled', 'queued']}     | ${0} | ${false}
  ${['parked_again']}          | ${0} | ${false}
  ${['unreadable', 'handled']} | ${0} | ${false}
  ${['ready']}                 | ${0} | ${false}
`(
  '$standings and $keys keys: putting back ends well: $applied, a look always',
  ({ standings, keys, applied }) => {
    const listing = {
      parked: standings.map((standing) => ({ standing })),
      keys: Array.from({ length: keys }),
    };
    expect(endsWell(listing, { isDry: false })).toBe(applied);
    expect(endsWell(listing, { isDry: true })).toBe(true);
  },
);
