import { types } from 'node:util';
import { safeToLog } from '@hutong/telemetry';
import { sqlStateOf } from './sql-state.js';

/** The database cannot be reached, or went away in the middle: what it was asked may be done all the same. */
export class DatabaseAway extends Error {
  readonly [safeToLog] = true;

  constructor(options?: ErrorOptions) {
    super('the database is away', options);
    this.name = 'DatabaseAway';
  }
}

/** Class 08, a server that stops or starts, and one without a connection to spare; none of a full disk. */
const AWAY_STATES = /^(08...|57P0[1-3]|53300)$/;
/** Prisma's own: not reachable, no answer in time, closed in the middle, no connection to spare. */
const AWAY_CODES = new Set<unknown>(['P1001', 'P1002', 'P1008', 'P1017', 'P2037']);

/**
 * What the driver was asked.
 * @throws DatabaseAway with what says that as its cause; else what the driver threw.
 */
export async function reaching<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (fault) {
    const state = sqlStateOf(fault);
    if (state === undefined ? isOfConnection(fault) : AWAY_STATES.test(state)) {
      throw new DatabaseAway({ cause: fault });
    }
    throw fault;
  }
}

/**
 * Whether this, or what it was caused by, is of a database that is away. Models say so in Prisma's codes;
 * of a connection that ended without a word they have none, and then this is false.
 */
export function isDatabaseAway(fault: unknown): boolean {
  if (!types.isNativeError(fault)) return false;
  if (fault instanceof DatabaseAway || AWAY_CODES.has(Reflect.get(fault, 'code'))) return true;
  const state = sqlStateOf(fault);
  return state === undefined ? isDatabaseAway(fault.cause) : AWAY_STATES.test(state);
}

/**
 * Where the server said nothing, the driver speaks for itself: of its connection, unless it was given what
 * it cannot write. By the name and not by `instanceof`, since Node's own errors may be of another realm.
 */
const isOfConnection = (fault: unknown): boolean =>
  types.isNativeError(fault) && fault.name !== 'TypeError' && fault.name !== 'RangeError';
