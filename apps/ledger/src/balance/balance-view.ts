import { accountKindCode, accountName } from '../posting/accounts.js';
import { currencyCode, wordOf } from '../posting/codes.js';
import type { Balance } from './balances.repository.js';
import type { AccountView } from './balance.wire.js';

export const balanceView = ({ ref, kind, ccy, debits, credits }: Balance): AccountView => ({
  accountId: ref,
  account: accountName(ref),
  kind: wordOf(accountKindCode, kind),
  currency: wordOf(currencyCode, ccy),
  debits: debits.toString(),
  credits: credits.toString(),
  balance: (debits - credits).toString(),
});
