export {
  brokerConfig,
  BrokerEnv,
  readBrokerConfig,
  type BrokerConfig,
  type BrokerLogin,
  type BrokerTls,
} from './broker-config.js';
export { systemClock, type Clock } from './clock.js';
export { parseEnv } from './parse-env.js';
export { readSecretFile } from './read-secret-file.js';
export {
  IsDatabaseUrl,
  IsHostList,
  IsHttpUrl,
  IsPort,
  IsReadableDirectory,
  IsReadableFile,
  IsWholeNumber,
} from './rules.js';
export { Secret } from './secret.js';
export {
  readStoreConfig,
  serviceConfig,
  type DatabaseConfig,
  type ServiceConfig,
} from './service-config.js';
export { LOG_LEVELS, ROLES, ServiceEnv, type LogLevel, type Role } from './service-env.js';
