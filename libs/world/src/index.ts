export { Merchant, type AttemptView, type PaymentView } from './merchant.js';
export { Operator } from './operator.js';
export { Payer } from './payer.js';
export { Reaper } from './reaper.js';
export { RING_SERVICES, startRing, type Ring, type RingOptions, type RingService } from './ring.js';
export { runCommand, ServiceProcess, type ServiceSpec } from './service-process.js';
