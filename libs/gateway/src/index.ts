export { AccountFiles, accountOf, AccountWire, FILE_NAME, parseAccount } from './account-file.js';
export { Accounts, type Account, type ReadAccount } from './accounts.js';
export type { AskingPlan, Gaps } from './asking-plan.js';
export { GatewayModule } from './gateway.module.js';
export {
  type AttemptReport,
  type ClosingPort,
  type CloseReport,
  type GatewayPort,
  type Notification,
  type Paid,
  type PaidBySomebody,
  type Prepared,
  type PreparedRefund,
  type PrepareRefusal,
  type ProviderKeys,
  type RawNotification,
  type Refunded,
  type RefundedOrder,
  type RefundingPort,
  type RefundQueryReport,
  type RefundReport,
  type RefundSendReport,
  type RequestedAttempt,
  type RequestedRefund,
  type SubmitReport,
  type Told,
  type ToStranger,
  type Unverified,
} from './gateway-port.js';
export { gatewayMigrations } from './migrations.js';
export { Notifications, type Receipt } from './notifications.js';
export { runGateway, type GatewayProgram } from './run-gateway.js';
export {
  seal,
  sealingKid,
  sealingKeyFrom,
  SealingKeys,
  type SealedFields,
  type SealingKey,
} from './sealed-fields.js';
export { ShownOrders, type ShownOrder } from './shown-orders.repository.js';
export {
  migrationsOfGateway,
  startGateway,
  type GatewayParts,
  type RunningGateway,
  type Surroundings,
} from './start-gateway.js';
export type { WorkerTiming } from './worker.js';
