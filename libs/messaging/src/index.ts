export { BareClient } from './bare-client.js';
export { type Health } from './consumer-health.js';
export { done, hold, park, type Disposition } from './disposition.js';
export { ensureTopics } from './ensure-topics.js';
export { grantRights } from './grant-rights.js';
export { hears, type Hears } from './hears.js';
export { firstTime, heardBefore, purgeInbox } from './inbox.js';
export { PRODUCTION_TIMING, type KafkaSettings, type KafkaTiming } from './kafka-settings.js';
export { KafkaStrategy, type KafkaStrategyOptions } from './kafka-strategy.js';
export {
  connectConsumers,
  messagingOf,
  type Messaging,
  type MessagingOptions,
  type StopStep,
} from './messaging.js';
export { messagingMigrations } from './migrations.js';
export { OriginalFault } from './original-fault.filter.js';
export { Outbox, type Announcement } from './outbox.js';
export { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
export {
  REDRIVE_USAGE,
  readRedriveArguments,
  type RedriveAsked,
} from './redrive/redrive-arguments.js';
export { runRedrive, type CommandSurroundings } from './redrive/redrive-command.js';
export { GroupOffsets } from './group-offsets.js';
export { asAppended, type Memory } from './rewind/memory.js';
export { type Recall } from './rewind/rewind.js';
export { REWIND_USAGE, readRewindArguments, runRewind } from './rewind/rewind-command.js';
export { lostTimes, type HeardInLostTime } from './rewind/rewound.js';
export { type Received } from './received.js';
export { type RetryDelays } from './retry-delays.js';
export { STOP_WITHIN_MS } from './stop-bounds.js';
export { type Surroundings } from './surroundings.js';
export {
  TopicProbe,
  type GroupOffset,
  type ProbedRecord,
  type RawBytes,
  type TopicShape,
} from './topic-probe.js';
