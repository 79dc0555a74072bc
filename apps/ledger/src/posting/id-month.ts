import type { EventId } from '@hutong/domain-events';

/** The first moment (UTC) of the month in which an event id was made: its first 48 bits are the time. */
export function idMonthOf(id: EventId): string {
  const madeAt = new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  return `${madeAt.toISOString().slice(0, 7)}-01T00:00:00.000Z`;
}
