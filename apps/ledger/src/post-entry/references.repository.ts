import type { Sql } from '@hutong/database';
import type { PlatformId } from '@hutong/domain-events';
import { accountKindCode, accountRef, type Account } from '../posting/accounts.js';
import { currencyCode } from '../posting/codes.js';
import type { Scope } from '../posting/scope.js';

/**
 * The number of a scope, which gets one when it is first seen. Numbers are asked for before they are
 * made: an insert that finds its row there would use one up all the same, and there are only 32767.
 */
export async function scopeId(tx: Sql, scope: Scope): Promise<number> {
  const known = await findScope(tx, scope);
  if (known !== undefined) return known;
  const { platform, provider, instrument, presentation } = scope;
  const platformNumber = await platformId(tx, platform);
  await tx.query(
    `insert into scope (platform, provider, instrument, presentation)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [platformNumber, provider, instrument, presentation],
  );
  return must(await findScope(tx, scope));
}

/** The numbers of accounts, by `accountRef`; those that are new get theirs. */
export async function accountIds(
  tx: Sql,
  accounts: readonly Account[],
): Promise<(account: Account) => number> {
  const byRef = new Map(accounts.map((account) => [accountRef(account), account]));
  const known = await findAccounts(tx, [...byRef.keys()]);
  const missing = [...byRef].filter(([ref]) => !known.has(ref));
  if (missing.length === 0) return (account) => must(known.get(accountRef(account)));
  // In one order everywhere, so that two that make the same accounts never wait for each other.
  const sorted = missing.toSorted(([a], [b]) => (a < b ? -1 : 1));
  await tx.query(
    `insert into account (external_ref, kind, ccy)
     select * from unnest($1::text[], $2::int2[], $3::int2[]) on conflict do nothing`,
    [
      sorted.map(([ref]) => ref),
      sorted.map(([, { kind }]) => accountKindCode[kind]),
      sorted.map(([, { currency }]) => currencyCode[currency]),
    ],
  );
  const all = await findAccounts(tx, [...byRef.keys()]);
  return (account) => must(all.get(accountRef(account)));
}

async function findScope(
  tx: Sql,
  { platform, provider, instrument, presentation }: Scope,
): Promise<number | undefined> {
  const [row] = await tx.query<{ scope_id: number }>(
    `select s.scope_id from scope s join platform p on p.platform_id = s.platform
      where p.slug = $1 and s.provider = $2 and s.instrument = $3 and s.presentation = $4`,
    [platform, provider, instrument, presentation],
  );
  return row?.scope_id;
}

async function platformId(tx: Sql, slug: PlatformId): Promise<number> {
  const known = await findPlatform(tx, slug);
  if (known !== undefined) return known;
  await tx.query('insert into platform (slug) values ($1) on conflict do nothing', [slug]);
  return must(await findPlatform(tx, slug));
}

async function findPlatform(tx: Sql, slug: PlatformId): Promise<number | undefined> {
  const [row] = await tx.query<{ platform_id: number }>(
    'select platform_id from platform where slug = $1',
    [slug],
  );
  return row?.platform_id;
}

async function findAccounts(tx: Sql, refs: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ external_ref: string; account_id: number }>(
    'select external_ref, account_id from account where external_ref = any($1)',
    [refs],
  );
  return new Map(rows.map((row) => [row.external_ref, row.account_id]));
}

/** Rows are never deleted, so what was just made or found by another is there. */
function must(id: number | undefined): number {
  if (id === undefined) throw new Error('a reference was made and is not there');
  return id;
}
