export { chooseBackEnd, type Choice, type Found } from './back-end/choose-back-end.js';
export { describeBackEnds, findBackEnds } from './back-end/find-back-ends.js';
export type {
  BackEndKind,
  Jvm,
  OwnBroker,
  OwnDatabase,
  ProxiedBroker,
  Report,
  ServerControls,
} from './back-end/servers.js';
export { startBackEnd, type BackEnd } from './back-end/start-back-end.js';
export {
  missingForGuardedBroker,
  startGuardedBroker,
  type GuardedBroker,
} from './processes/guarded-kafka.js';
export { ADMIN } from './processes/guarded-properties.js';
export { ownCertificate, type OwnCertificate } from './processes/own-authority.js';
export { KAFKA_VERSION } from './processes/kafka-jars.js';
export {
  CANARIES,
  canariesIn,
  recordsWith,
  requestsWith,
  sqlThatTellsAll,
  type Target,
} from './canaries.js';
export { eventually, type EventuallyOptions } from './eventually.js';
export { exchange } from './exchange.js';
export { FixedClock } from './fixed-clock.js';
export { freePorts, isFree } from './free-ports.js';
export { dismissMembers } from './dismiss-members.js';
export { KafkaProxy, type Withheld, type Withholding } from './kafka-proxy.js';
export { runWhere } from './run-where.js';
export { startOwnBroker, startProxiedBroker, testBroker } from './test-broker.js';
export {
  freshDatabase,
  startOwnDatabase,
  testDatabase,
  type FreshDatabase,
} from './test-database.js';
export * from './builders/checkout-payments.js';
export * from './builders/gateway-commands.js';
export * from './builders/gateway-reports.js';
export * from './builders/ids.js';
export * from './builders/methods.js';
export { builders } from './builders/of-every-event.js';
export * from './builders/payment-outcomes.js';
export * from './builders/provider-bills.js';
export * from './builders/routing-decisions.js';
export { catalogueOf, type Catalogue } from './drift/catalogue.js';
export { driftOf, type DriftQuestion } from './drift/drift.js';
export { sqlFromSchema } from './drift/prisma-sql.js';
