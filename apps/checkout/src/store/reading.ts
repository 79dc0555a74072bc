import type { EventDefinition } from '@hutong/domain-events';
import { CURRENCIES, money } from '@hutong/money';

/** An event kept as it was told, to be read back through its own versions and lifts. */
export type StoredEvent = Readonly<{ type: string; version: number; data: object }>;

export const toStored = <E extends Readonly<{ type: string }>>(
  definition: EventDefinition<E>,
  event: E,
): StoredEvent => ({
  type: definition.type,
  version: definition.version,
  data: definition.encode(event),
});

/** @throws Error if it is of another type, or of a version that this release does not know. */
export function fromStored<E extends Readonly<{ type: string }>>(
  definition: EventDefinition<E>,
  stored: unknown,
): E {
  if (!isStored(definition, stored)) throw unreadable(definition.type);
  const decoded = definition.decode(stored.version, stored.data);
  if (!decoded.ok) throw unreadable(`${definition.type}: ${decoded.refusal.code}`);
  return decoded.value;
}

/** Whether the column holds an event of this type. */
export const isStored = (
  { type }: Readonly<{ type: string }>,
  stored: unknown,
): stored is Readonly<{ version: number; data: unknown }> =>
  typeof stored === 'object' &&
  stored !== null &&
  'type' in stored &&
  stored.type === type &&
  'version' in stored &&
  typeof stored.version === 'number' &&
  'data' in stored;

/** The member of a closed list that a column holds. @throws Error if it holds another text. */
export function member<const T extends string>(list: readonly T[], text: string | null): T {
  const found = list.find((one) => one === text);
  if (found === undefined) throw unreadable(`none of ${list.join(', ')}`);
  return found;
}

/** What no release of ours wrote: nothing is guessed from it. */
export const unreadable = (what: string): Error => new Error(`unreadable row: ${what}`);

/** The amount that two columns hold. */
export const amountFrom = (row: Readonly<{ amountMinor: bigint | string; currency: string }>) =>
  money(BigInt(row.amountMinor), member(CURRENCIES, row.currency));

/** A row of Prisma's as JSON has it: times and amounts are text there. */
export type InJson<Row> = {
  readonly [Column in keyof Row]: Row[Column] extends bigint | Date
    ? string
    : Row[Column] extends Date | null
      ? string | null
      : Row[Column];
};

/** The time that a column of JSON holds. */
export const timeFrom = (text: string): Date => new Date(text);
