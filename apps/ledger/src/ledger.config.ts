import {
  IsReadableFile,
  parseEnv,
  serviceConfig,
  ServiceEnv,
  type ServiceConfig,
} from '@hutong/config';
import { IsIn, IsOptional } from 'class-validator';
import { readContractRates } from './contract-rates.config.js';
import { BOOKING_CLOCKS, type BookingClock } from './posting/booked-at.js';
import type { ContractRate } from './posting/contract-rates.js';

export type LedgerConfig = ServiceConfig &
  Readonly<{
    rates: readonly ContractRate[];
    bookingClock: BookingClock;
    /** The tokens of those who may read. */
    tokensFile: string;
  }>;

class LedgerEnv extends ServiceEnv {
  /** What each provider costs, as `contract-rates.json`. */
  @IsReadableFile() CONTRACT_RATES_FILE!: string;
  /** Operators' tokens by their hashes. */
  @IsReadableFile() TOKENS_FILE!: string;
  /**
   * Which day an outcome is booked on: when the broker took it, or when it happened. Not set:
   * `event` in the story, `append` otherwise.
   */
  @IsOptional() @IsIn(BOOKING_CLOCKS) BOOKING_CLOCK?: BookingClock | undefined;
}

const PORT = 3_002;

/** @throws Error naming every bad variable at once, and never a value. */
export function readLedgerConfig(env: NodeJS.ProcessEnv): LedgerConfig {
  const e = parseEnv(LedgerEnv, env);
  const service = serviceConfig(e, { port: PORT });
  return {
    ...service,
    rates: readContractRates(e.CONTRACT_RATES_FILE),
    bookingClock: e.BOOKING_CLOCK ?? (service.story ? 'event' : 'append'),
    tokensFile: e.TOKENS_FILE,
  };
}
