/** RFC 3339 with seconds and an offset. */
const RFC_3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** The moment that a platform wrote, to the millisecond; undefined if there is no such moment. */
export function parseInstant(text: string): Date | undefined {
  const day = RFC_3339.exec(text)?.[1];
  if (day === undefined) return undefined;
  const [at, midnight] = [new Date(text), new Date(`${day}T00:00:00.000Z`)];
  if (Number.isNaN(at.getTime()) || Number.isNaN(midnight.getTime())) return undefined;
  // A day that does not exist, like 30 February, is read as one of the next month.
  return midnight.toISOString().startsWith(day) ? at : undefined;
}
