import { withTraceparent } from '@hutong/telemetry';
import { headerText, type RawRecord } from './raw-record.js';

/** Runs what is done with a record, and what is said of it, in the trace that it came with. */
export const inTraceOf = <T>(record: RawRecord, run: () => T): T =>
  withTraceparent(headerText(record, 'traceparent'), run);
