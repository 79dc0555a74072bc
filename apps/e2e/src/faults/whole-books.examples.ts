import { parkedTopics } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { comparePayments, printDifferences, type Comparison } from '@hutong/world';
import { waitingIn, type FaultWorld } from './fault-world.examples.js';

/**
 * The four books once they agree payment by payment, to the fen, and nothing waits to be sent, to be tried
 * again or to be heard. What was set aside for people may lie there.
 * @throws Error saying what is wrong, if they never do.
 */
export const wholeBooks = (world: FaultWorld, withinMs: number): Promise<Comparison> =>
  eventually(
    async () => {
      const compared = await comparePayments(world.ring);
      const wrong = [...printDifferences(compared), ...(await waitingIn(world))];
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
