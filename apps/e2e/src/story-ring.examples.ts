import { join } from 'node:path';
import { startOwnBroker, testDatabase } from '@hutong/testing';
import { setStage, startRing, type Ring, type RingOptions, type Stage } from '@hutong/world';

export const root = join(import.meta.dirname, '../../..');

/** What a story is told on. */
export type StoryRing = Readonly<{ ring: Ring; stage: Stage; brokers: readonly string[] }>;

/**
 * Starts a ring that tells a story, on a broker of its own: members of another ring would take its events.
 * @param running stops all of it.
 */
export async function startStory(
  running: AsyncDisposableStack,
  options: Pick<RingOptions, 'policies'> = {},
): Promise<StoryRing> {
  const [broker, { adminUrl }] = await Promise.all([startOwnBroker(), testDatabase()]);
  const { brokers } = running.use(broker);
  const ring = running.use(await startRing({ root, brokers, adminUrl, story: true, ...options }));
  return { ring, brokers, stage: await setStage(ring) };
}
