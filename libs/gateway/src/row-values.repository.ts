import { isCurrency, money, type Money } from '@hutong/money';

/** @throws Error if the column holds no currency of ours; so do all here on what nobody wrote. */
export function moneyFrom(minor: bigint, currency: string): Money {
  if (!isCurrency(currency)) throw bad('currency');
  return money(minor, currency);
}

/** What a column must hold in the row's status. */
export function there<T>(value: T | null, column: string): T {
  if (value === null) throw bad(column);
  return value;
}

/** A member of one of our closed lists. */
export function oneOf<T extends string>(
  known: readonly T[],
  text: string | null,
  column: string,
): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw bad(column);
  return found;
}

export const bad = (column: string): Error => new Error(`column ${column} holds what nobody wrote`);

/** What is left to people, in SQL: nothing else is being sent with nothing due of it. */
export const LEFT = `status = 'submitted' and due_action is null`;

/** The same of a row that was read. */
export const isLeft = ({
  status,
  due_action: due,
}: Readonly<{ status: string; due_action: string | null }>): boolean =>
  status === 'submitted' && due === null;
