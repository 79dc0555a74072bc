export { Reaper } from './reaper.js';
export { RING_SERVICES, startRing, type Ring, type RingOptions, type RingService } from './ring.js';
export { runCommand, ServiceProcess, type ServiceSpec } from './service-process.js';
