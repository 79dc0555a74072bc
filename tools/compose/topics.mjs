// Makes the catalogue's topics on the composed broker, by the same code as the fixtures of the specs.
// Runs in the image of a service, where these packages are.
import { readBrokerConfig } from '@hutong/config';
import { LOCAL_PARTITIONS } from '@hutong/domain-events';
import { ensureTopics } from '@hutong/messaging';

await ensureTopics({
  ...readBrokerConfig(process.env),
  // Compose gives none: its broker is its own. A spec's is shared.
  namespace: process.env.KAFKA_NAMESPACE,
  partitions: LOCAL_PARTITIONS,
});
