import { parkedTopics } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import {
  comparePayments,
  printDifferences,
  readRows,
  RING_SERVICES,
  type Comparison,
} from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';

/**
 * The four books once they agree payment by payment, to the fen, and nothing waits to be sent or tried
 * again. What was set aside for people may lie there. @throws Error saying what is wrong, if they never do.
 */
export const wholeBooks = ({ ring }: FaultWorld, withinMs: number): Promise<Comparison> =>
  eventually(
    async () => {
      const compared = await comparePayments(ring);
      const waiting = await Promise.all(
        RING_SERVICES.map(async (service) => {
          const tables = { outbox: 'id', parked_keys: 'key' };
          const rows = await readRows(ring.databaseOf(service), tables);
          return Object.entries(rows).flatMap(([table, own]) =>
            own.length === 0 ? [] : [`${own.length} rows in ${table} of ${service}`],
          );
        }),
      );
      const wrong = [...printDifferences(compared), ...waiting.flat()];
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
      return compared;
    },
    { withinMs, what: 'four books to agree' },
  );

/** Everything that any group has set aside, a line each. */
export async function parkedIn({ probe }: FaultWorld): Promise<string[]> {
  const all = await Promise.all(
    parkedTopics().map(async ({ name }) =>
      (await probe.records(name)).map(
        ({ key, headers }) => `${name} ${key ?? ''}: ${headers['dlt.error-detail'] ?? ''}`,
      ),
    ),
  );
  return all.flat();
}
