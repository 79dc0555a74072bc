import { formOf, type Form } from '@hutong/form';
import type { Accounts, Prepared } from '@hutong/gateway';
import type { UnionpayAccount } from './unionpay.account.config.js';
import type { UnionpayApi } from './unionpay.config.js';
import { routes } from './unionpay.mapping.js';
import { signed } from './unionpay.signature.js';

export const FRONTS = Symbol('what browsers send to UnionPay');

/** What browsers send to UnionPay, signed by the key that the account has when they come. */
export class Fronts {
  /** UnionPay's, for browsers. */
  readonly address: URL;

  constructor(
    private readonly accounts: Pick<Accounts<UnionpayAccount>, 'named'>,
    { cashierUrl }: Pick<UnionpayApi, 'cashierUrl'>,
  ) {
    this.address = new URL(routes.page.path, cashierUrl);
  }

  /** @returns undefined if it is no order of a browser's, or its account is gone. */
  formOf({ account: name, fields }: Prepared): Form | undefined {
    const account = this.accounts.named(name);
    const form = formOf(new TextEncoder().encode(fields['form'] ?? ''));
    return account === undefined || form === undefined ? undefined : signed(form, account);
  }
}
