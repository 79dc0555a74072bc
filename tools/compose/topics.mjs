// Makes the catalogue's topics on the composed broker, by the same code as the fixtures of the specs.
// Runs in the image of a service, where these packages are.
import { LOCAL_PARTITIONS } from '@hutong/domain-events';
import { ensureTopics } from '@hutong/messaging';

await ensureTopics({
  brokers: process.env.KAFKA_BROKERS.split(','),
  // Compose gives none: its broker is its own. A spec's is shared.
  namespace: process.env.KAFKA_NAMESPACE,
  partitions: LOCAL_PARTITIONS,
});
