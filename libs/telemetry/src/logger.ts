import { hostname } from 'node:os';
import { pino, type Logger as Pino } from 'pino';
import { admit, isPlainText, type LogFields } from './log-fields.js';
import { loggedCause } from './log-cause.js';
import type { Metrics } from './metrics.js';
import { currentTraceId } from './traceparent.js';

/** One JSON line per event: a constant name in words of our code, and fields of the allow-list. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** @param cause what was caught: name, code and frames are kept; its message is not. */
  error(event: string, fields?: LogFields, cause?: unknown): void;
  /** A logger whose every line carries these fields too. */
  child(fields: LogFields): Logger;
}

type Level = 'info' | 'warn' | 'error';

/** Stands in for the name of an event that is not in our own words. */
const REFUSED = '[refused]';

/**
 * JSON lines on standard output, or on `destination`. What the allow-list drops is counted: in the
 * line itself (`dropped`) and, with `metrics`, in `hutong_log_fields_dropped_total`.
 */
export function createLogger(
  options: Readonly<{
    service: string;
    level: string;
    destination?: NodeJS.WritableStream;
    metrics?: Metrics;
  }>,
): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service, instance: `${hostname()}:${process.pid}` },
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  const sink =
    options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  const dropped = options.metrics?.counter(
    'hutong_log_fields_dropped_total',
    'Log fields that are not on the allow-list, or not in the shape it gives them.',
  );
  return new PinoLogger(sink, {}, (count) => dropped?.inc(count));
}

class PinoLogger implements Logger {
  constructor(
    private readonly sink: Pino,
    private readonly bound: LogFields,
    private readonly countDropped: (count: number) => void,
  ) {}

  info(event: string, fields?: LogFields): void {
    this.write('info', event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.write('warn', event, fields);
  }

  error(event: string, fields?: LogFields, cause?: unknown): void {
    this.write('error', event, fields, cause);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.sink, { ...this.bound, ...fields }, this.countDropped);
  }

  private write(level: Level, event: string, fields: LogFields = {}, cause?: unknown): void {
    if (!this.sink.isLevelEnabled(level)) return;
    const said = isPlainText(event);
    const admitted = admit({ traceId: currentTraceId(), ...this.bound, ...fields });
    const dropped = admitted.dropped + (said ? 0 : 1);
    if (dropped > 0) this.countDropped(dropped);
    this.sink[level](
      {
        ...admitted.fields,
        ...(cause !== undefined && { error: loggedCause(cause) }),
        ...(dropped > 0 && { dropped }),
      },
      said ? event : REFUSED,
    );
  }
}
