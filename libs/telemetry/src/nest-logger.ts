import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/**
 * What the framework says about itself, as lines of ours. Nest's own words pass as they are;
 * whatever text of an exception comes along is held to the same rule as every other line.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.logger.info(eventOf(message), { component: componentOf(context) });
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn(eventOf(message), { component: componentOf(context) });
  }

  error(message: unknown, ...context: unknown[]): void {
    const cause = [message, ...context].find((part) => part instanceof Error);
    this.logger.error('nest reported an error', { component: componentOf(context) }, cause);
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.error(message, ...context);
  }
}

const eventOf = (message: unknown): string =>
  typeof message === 'string' ? message : `nest said ${typeof message}`;

/** Nest's last argument is the class that speaks. */
function componentOf(context: readonly unknown[]): string | undefined {
  const last = context.at(-1);
  return typeof last === 'string' && /^[A-Z]\w{0,60}$/.test(last) ? last : undefined;
}
