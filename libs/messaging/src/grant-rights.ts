import type { BrokerRight } from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import kafkajs, { type AclEntry } from 'kafkajs';
import { kafkaClient, PATIENT, physical, type KafkaSettings } from './kafka-settings.js';

const OPERATIONS = {
  Read: kafkajs.AclOperationTypes.READ,
  Write: kafkajs.AclOperationTypes.WRITE,
  Describe: kafkajs.AclOperationTypes.DESCRIBE,
} as const;

const TYPES = {
  topic: kafkajs.AclResourceTypes.TOPIC,
  group: kafkajs.AclResourceTypes.GROUP,
} as const;

/**
 * Gives users of the broker their rights, where no operator does: nobody has any that is not given.
 * May be called again; takes none away.
 * @param broker as somebody who may do so.
 * @throws kafkajs' error if the broker refuses.
 */
export async function grantRights(
  broker: KafkaSettings,
  rights: ReadonlyMap<string, readonly BrokerRight[]>,
): Promise<void> {
  const logger = createLogger({ service: 'rights', level: 'error' });
  const admin = kafkaClient(broker, 'rights', logger, PATIENT).admin();
  await admin.connect();
  try {
    const acl = [...rights].flatMap(([user, own]) =>
      own.flatMap((right) => entriesOf(broker, user, right)),
    );
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

const entriesOf = (broker: KafkaSettings, user: string, right: BrokerRight): AclEntry[] =>
  right.operations.map((operation) => ({
    principal: `User:${user}`,
    host: '*',
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
    operation: OPERATIONS[operation],
    resourceType: TYPES[right.type],
    resourceName: physical(broker, right.name),
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
  }));
