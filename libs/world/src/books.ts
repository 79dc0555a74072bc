import { gatewayService, PROVIDERS } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { ask } from './database.js';
import type { Operator } from './operator.js';
import type { Ring } from './ring.js';
import type { SandboxControl } from './sandbox-control.js';

/** What was taken from payers and what is back with them, in fen, as one kind of party has it. */
export type Book = Readonly<{ captured: bigint; refunded: bigint }>;
export type Books = Readonly<Record<'provider' | 'gateway' | 'checkout' | 'ledger', Book>>;

const GATEWAY_BOOK = `
  select
    (select coalesce(sum(paid_minor), 0)::text from attempts) as captured,
    (select coalesce(sum(refunded_minor), 0)::text from refunds) as refunded`;
const CHECKOUT_BOOK = `
  select
    (select coalesce(sum(amount_minor), 0)::text from receipt) as captured,
    (select coalesce(sum(amount_minor), 0)::text from refund where status = 'succeeded') as refunded`;

/** Whom to ask, each for their own. */
export type Bookkeepers = Readonly<{
  sandbox: SandboxControl;
  operator: Operator;
  /** Of every gateway. */
  gatewayDatabases: readonly string[];
  checkoutDatabase: string;
}>;

/** All of a ring's. */
export const bookkeepersOf = (
  ring: Pick<Ring, 'databaseOf'>,
  clients: Pick<Bookkeepers, 'sandbox' | 'operator'>,
): Bookkeepers => ({
  ...clients,
  gatewayDatabases: PROVIDERS.map((provider) => ring.databaseOf(gatewayService[provider])),
  checkoutDatabase: ring.databaseOf('checkout'),
});

/** Everybody's books, each kept by itself: of all providers and platforms together. */
export async function readBooks(of: Bookkeepers): Promise<Books> {
  const [provider, gateway, checkout, ledger] = await Promise.all([
    providerBook(of.sandbox),
    Promise.all(of.gatewayDatabases.map((one) => databaseBook(one, GATEWAY_BOOK))).then(together),
    databaseBook(of.checkoutDatabase, CHECKOUT_BOOK),
    ledgerBook(of.operator),
  ]);
  return { provider, gateway, checkout, ledger };
}

/** The books once they agree to the fen. @throws Error with all of them if they do not within the time. */
export async function agreedBooks(of: Bookkeepers, withinMs: number): Promise<Books> {
  return eventually(
    async () => {
      const books = await readBooks(of);
      if (agree(books)) return books;
      throw new Error(printBooks(books));
    },
    { withinMs, what: 'all books to agree' },
  );
}

const agree = ({ provider, ...others }: Books): boolean =>
  Object.values(others).every(
    (book) => book.captured === provider.captured && book.refunded === provider.refunded,
  );

/** One line: who has what. */
export const printBooks = (books: Books): string =>
  Object.entries(books)
    .map(([who, { captured, refunded }]) => `${who} ${captured} taken, ${refunded} back`)
    .join('; ');

async function providerBook(sandbox: SandboxControl): Promise<Book> {
  const totals = await sandbox.totals();
  return {
    captured: sum(totals.map(({ captured }) => captured.minor)),
    refunded: sum(totals.map(({ refunded }) => refunded.minor)),
  };
}

/** Payments and surplus: a payment's money is volume, surplus has accounts of its own. */
async function ledgerBook(operator: Operator): Promise<Book> {
  const [volumes, surplus] = await Promise.all([operator.volumes(), operator.surplusAccounts()]);
  return {
    captured: sum([...volumes.gross, ...surplus.map(({ credits }) => credits)]),
    refunded: sum([...volumes.refunded, ...surplus.map(({ debits }) => debits)]),
  };
}

async function databaseBook(address: string, query: string): Promise<Book> {
  const [row] = await ask<{ captured: string; refunded: string }>(address, query);
  if (row === undefined) throw new Error('a book without a line');
  return { captured: BigInt(row.captured), refunded: BigInt(row.refunded) };
}

const together = (books: readonly Book[]): Book =>
  books.reduce(
    (all, { captured, refunded }) => ({
      captured: all.captured + captured,
      refunded: all.refunded + refunded,
    }),
    { captured: 0n, refunded: 0n },
  );

const sum = (minors: readonly string[]): bigint =>
  minors.reduce((total, minor) => total + BigInt(minor), 0n);
