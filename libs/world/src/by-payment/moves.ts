/** Money that moved under one of our numbers: taken under an attempt's, given back under a refund's. */
export type Move = Readonly<{
  kind: 'taken' | 'given_back';
  /** The attempt's or refund's id, which is its number at the provider. */
  number: string;
  /** Fen. */
  minor: bigint;
}>;

export const PARTIES = ['provider', 'gateway', 'checkout', 'ledger'] as const;
/** Who keeps books: each by itself, from what it was told or did. */
export type Party = (typeof PARTIES)[number];

/** One payment as all four have it. */
export type PaymentBooks = Readonly<{
  paymentId: string;
  /** Checkout's word. */
  status: string;
  /** Fen, as the merchant asked for it. */
  asked: bigint;
  /** Fen that its merchant had given back for certain: surplus, which goes back by itself, is none of it. */
  refundedByMerchant: bigint;
  moves: Readonly<Record<Party, readonly Move[]>>;
}>;

const PAID = ['paid', 'partly_refunded', 'refunded'];

/** Fen that should be left of what was taken: the order's amount less its refunds if it was paid, else none. */
export const dueOf = ({ status, asked, refundedByMerchant }: PaymentBooks): bigint =>
  PAID.includes(status) ? asked - refundedByMerchant : 0n;

/** Fen that are left of what was taken. */
export const leftOf = (moves: readonly Move[]): bigint =>
  moves.reduce((sum, { kind, minor }) => sum + (kind === 'taken' ? minor : -minor), 0n);

/** What does not agree between the four, one line each; none if everything does, to the fen. */
export function disagreementsOf(books: PaymentBooks): string[] {
  const due = dueOf(books);
  const left = PARTIES.filter((party) => leftOf(books.moves[party]) !== due).map(
    (party) =>
      `${party} has ${leftOf(books.moves[party])} left where ${due} should be (${books.status})`,
  );
  return [...unequalMoves(books.moves), ...left];
}

/** Every kind and number that not all have alike: also the same money twice under one number. */
function unequalMoves(moves: PaymentBooks['moves']): string[] {
  const named = (move: Move): string => `${move.kind} ${move.number}`;
  const names = new Set(PARTIES.flatMap((party) => moves[party].map(named)));
  return [...names].toSorted().flatMap((name) => {
    const said = PARTIES.map((party) => {
      const own = moves[party].filter((move) => named(move) === name);
      return own.map(({ minor }) => minor).join(' and ') || 'nothing';
    });
    if (new Set(said).size === 1) return [];
    return [`${name}: ${PARTIES.map((party, i) => `${party} ${said[i]}`).join(', ')}`];
  });
}
