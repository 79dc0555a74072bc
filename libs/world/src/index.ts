export { Merchant, type AttemptView, type PaymentView } from './merchant.js';
export {
  Operator,
  type AdoptionView,
  type AmountView,
  type EntryView,
  type VolumesView,
} from './operator.js';
export { Payer } from './payer.js';
export { Reaper } from './reaper.js';
export { startRing, type Ring, type RingOptions } from './ring.js';
export { RING_SERVICES, type RingService } from './ring-services.js';
export { ServiceProcess, type ServiceSpec } from './service-process.js';
