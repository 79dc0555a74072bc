import { catalogue } from '@hutong/domain-events';
import type { TopicProbe } from '@hutong/messaging';
import type { Scraper } from './scraper.js';

/** How often the same thing came again. */
export type Redelivered = Readonly<{
  /** Records in all topics. */
  records: number;
  /** Records whose event was in its topic before: sent again, since nobody knew of the first. */
  sentAgain: number;
  /** Deliveries beyond one of each record to each of its readers: at least so many. */
  deliveredAgain: number;
}>;

/** Reads every topic of the ring from its beginning. */
export async function redelivered(probe: TopicProbe, scraper: Scraper): Promise<Redelivered> {
  let records = 0;
  let sentAgain = 0;
  let deliveredAgain = 0;
  for (const { name, heardBy } of catalogue) {
    const found = await probe.records(name);
    const ids = new Set(found.map(({ value }) => idIn(value)));
    records += found.length;
    sentAgain += found.length - ids.size;
    for (const service of heardBy) {
      deliveredAgain += Math.max(0, scraper.delivered(service, name) - found.length);
    }
  }
  return { records, sentAgain, deliveredAgain };
}

function idIn(value: string | null): unknown {
  const envelope: unknown = JSON.parse(value ?? '{}');
  return Reflect.get(Object(envelope), 'id');
}
