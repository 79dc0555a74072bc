import { accountName } from '../posting/accounts.js';
import { currencyCode, outcomeCode, wordOf } from '../posting/codes.js';
import { dayOf, formatDay } from '../posting/day.js';
import { scopeWords } from '../posting/scope-words.js';
import type { BookedEntry, BookedPosting } from './entries.repository.js';
import type { EntryView } from './entry-view.wire.js';

/** An entry for people, with its postings as the log derives them, and what they add up to. */
export function entryView(entry: BookedEntry, postings: readonly BookedPosting[]): EntryView {
  const currency = wordOf(currencyCode, entry.ccy);
  const money = (minor: bigint) => ({ currency, minor: minor.toString() });
  return {
    eventId: entry.eventId,
    type: wordOf(outcomeCode, entry.code),
    ...scopeWords(entry),
    gross: money(entry.gross),
    fee: money(entry.fee),
    occurredAt: entry.occurredAt.toISOString(),
    bookedAt: entry.bookedAt.toISOString(),
    bookedDay: formatDay(dayOf(entry.bookedAt)),
    partition: entry.part,
    offset: entry.off.toString(),
    postings: postings.map(({ account, amount }) => ({
      accountId: account,
      account: accountName(account),
      amount: money(amount),
    })),
    sum: postings.reduce((sum, { amount }) => sum + amount, 0n).toString(),
  };
}
