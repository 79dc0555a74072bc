export { safeToLog } from './log-cause.js';
export type { LogField, LogFields } from './log-fields.js';
export { createLogger, type Logger } from './logger.js';
export { Metrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { currentTraceparent, withTraceparent, type Traceparent } from './traceparent.js';
