/** What can be wrong with the books. Which rule it breaks stands with its check. */
export type DamageName =
  | 'AppendOnlyLifted'
  | 'BooksOutOfBalance'
  | 'CurrencyMixed'
  | 'EventTwice'
  | 'IllegalEntry'
  | 'OffsetAhead'
  | 'OffsetOverlap'
  | 'OrderRepeated'
  | 'RefundedMoreThanPaid'
  | 'RowsChanged'
  | 'StrayRow'
  | 'SurplusOverReturned'
  | 'UnbalancedEvent'
  | 'UniqueMismatch'
  | 'UnknownWord'
  | 'WrongAccount';

/** The first place, in the order of keys, where a rule is broken. Neither names a payer. */
export type Damage = Readonly<{
  error: DamageName;
  /** An event id, a partition and offset, an account, …: where to look. */
  key: string;
  found: string;
}>;
