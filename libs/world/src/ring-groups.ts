import { TopicProbe, type KafkaSettings } from '@hutong/messaging';
import { RING_SERVICES } from './ring-services.js';

/**
 * Looks whether services run on the broker already. Their consumer groups have the services' names, so
 * another ring's would share partitions with them, and each ring lose to the other what it waits for.
 * Two rings that start at the same moment do not see each other.
 * @throws Error that names the groups that have members, and what to do
 */
export async function noOtherRingOn(broker: KafkaSettings): Promise<void> {
  await using probe = await TopicProbe.connect(broker);
  const members = await Promise.all(RING_SERVICES.map((service) => probe.members(service)));
  const taken = RING_SERVICES.filter((_, index) => members[index] !== 0);
  if (taken.length === 0) return;
  throw new Error(
    `services run on ${broker.brokers.join(',')} already, and would take this ring's events: ` +
      `the groups ${taken.join(', ')} have members. Stop them (a killed member is missed after 30 s), ` +
      'or use another broker: without HUTONG_TEST_KAFKA_BROKERS one is started.',
  );
}
