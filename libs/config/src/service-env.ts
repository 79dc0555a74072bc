import 'reflect-metadata';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { BrokerEnv } from './broker-config.js';
import { IsDatabaseUrl, IsPort, IsReadableFile, IsWholeNumber } from './rules.js';

/** What a process of a service does: answers HTTP, works on events, or both. */
export const ROLES = ['api', 'worker', 'all'] as const;
export type Role = (typeof ROLES)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The variables that every service of the ring reads, the broker's included. An app's own class extends it. */
export class ServiceEnv extends BrokerEnv {
  /** `api` answers HTTP, `worker` hears events and does what is due, `all` does both. */
  @IsIn(ROLES) ROLE: Role = 'all';
  /** The address that both HTTP servers listen on. */
  @IsString() HOST: string = '0.0.0.0';
  /** Where it answers HTTP. Not set: the service's own well-known port. */
  @IsOptional() @IsPort() PORT?: number | undefined;
  /** Health and metrics. Not set: the port plus 6000. */
  @IsOptional() @IsPort() MANAGEMENT_PORT?: number | undefined;
  /** The service's own database. Its user may read and write rows, and not change the schema. */
  @IsDatabaseUrl() DATABASE_URL!: string;
  /** The password of that user. */
  @IsReadableFile() DATABASE_PASSWORD_FILE!: string;
  /** Connections of this process; the handlers in flight share them. */
  @IsWholeNumber(2, 200) DATABASE_POOL_SIZE: number = 10;
  /** The least serious lines that are written. */
  @IsIn(LOG_LEVELS) LOG_LEVEL: LogLevel = 'info';
  /** `1` lets a request carry a business time; for telling the story, never in production. */
  @IsOptional() @IsIn(['1']) STORY?: '1' | undefined;
}

/** What a process reads that has a database and nothing else. */
export class StoreEnv {
  /** The service's own database; for `migrate` with the user that owns the schema. */
  @IsDatabaseUrl() DATABASE_URL!: string;
  /** The password of that user. */
  @IsReadableFile() DATABASE_PASSWORD_FILE!: string;
  /** Connections of this process. */
  @IsWholeNumber(2, 200) DATABASE_POOL_SIZE: number = 2;
}
