/** Another row has that key already. */
export const UNIQUE_VIOLATION = '23505';
/** The columns of a prepared statement have changed: its connection can run it no more. */
export const STALE_PLAN = '0A000';

/**
 * The SQLSTATE of what a statement threw: `23505`, `57014`, … The driver has it as `code`, Prisma deep
 * inside of its own error. `undefined` if the fault is none of the server's.
 */
export function sqlStateOf(fault: unknown): string | undefined {
  if (!isRecord(fault)) return undefined;
  const code = [fault['originalCode'], fault['code']].find(isSqlState);
  if (code !== undefined) return code;
  const within = [fault['meta'], fault['driverAdapterError'], fault['cause']];
  return within.map(sqlStateOf).find((state) => state !== undefined);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Not EPIPE of Node, and not P2002 of Prisma: it has the shape, but no class of SQLSTATE is `P2`. */
const isSqlState = (code: unknown): code is string =>
  typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !/^P[12]\d{3}$/.test(code);
