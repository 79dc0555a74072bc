import { compare, subtract, zero, type Money } from '@hutong/money';

/** What merchants took out of their accounts: it cannot be given back to payers any more. */
export class Withdrawals {
  private readonly taken = new Map<string, Money>();

  /** Takes all of it. @param kept what the account has by its totals */
  takeAll(owner: string, kept: Money): void {
    this.taken.set(owner, kept);
  }

  /** What is left to give back: nothing, until more has come in than was taken out. */
  leftOf(owner: string, kept: Money): Money {
    const taken = this.taken.get(owner) ?? zero(kept);
    return compare(kept, taken) > 0 ? subtract(kept, taken) : zero(kept);
  }
}
