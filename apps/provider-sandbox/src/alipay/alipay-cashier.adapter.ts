import { randomInt } from 'node:crypto';
import { add, money } from '@hutong/money';
import { refuse, type Result } from '@hutong/result';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Wallet } from '../wallets/wallet.js';
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import type { AlipayNotifier } from './alipay-notifier.adapter.js';
import type { PayerCodes } from './payer-codes.adapter.js';
import type { Caller } from './authenticate.signature.js';
import { readBrought, signerOf } from './client-order.signature.js';
import { alipayRefusal, type AlipayRefusal, type SubCode } from './refusal.js';
import { wordsOfPlacing } from './placing-words.js';
import { tradeNoOf } from './trade-answer.js';
import type { TradeBook, Which } from './trade-book.js';
import {
  close,
  decline,
  pay,
  type ClosedTrade,
  type KnownTrade,
  type Order,
  type PaidTrade,
  type PayRefusal,
  type PlaceRefusal,
  type Terms,
  type WaitingTrade,
} from './trade.js';

/** The payer could not or would not, for the reason that Alipay gives. */
export type Declined = Readonly<{ declined: SubCode }>;

export type CashierRefusal = PayRefusal | 'not_found' | 'wallet_not_accepted';

/** With whose app somebody pays, and what else the control API wants of it. */
export type Paying = Readonly<{
  wallet: Wallet;
  /** One of Alipay's own users. */
  buyerId?: string | undefined;
  /** Takes it for a closed trade too. */
  late?: boolean | undefined;
  /** Takes so much more than was asked. */
  extraFen?: number | undefined;
}>;

export type CashierParts = Readonly<{
  accounts: readonly AlipayAccount[];
  book: TradeBook;
  notifier: AlipayNotifier;
  codes: PayerCodes;
  clock: SandboxClock;
}>;

/** Alipay's user where nobody says who pays. */
const BUYER_ID = '2088722222222222';

/** What payers do: by the page, by the control API, by a code in a store. */
export class AlipayCashier {
  private trades = 0;

  constructor(private readonly parts: CashierParts) {}

  /** Of what a browser or a client brings, unread: checked as Alipay does. */
  open(signedOrder: string): Result<WaitingTrade, AlipayRefusal> {
    const signer = signerOf(signedOrder, this.parts.accounts, this.parts.clock.now());
    return signer.ok ? this.openFor(signer.value) : signer;
  }

  /** The cashier is open: now there is a trade. */
  openFor(signer: Caller): Result<WaitingTrade, AlipayRefusal> {
    const read = readBrought(signer);
    if (!read.ok) return read;
    const { terms, lifeMs } = read.value;
    const now = this.parts.clock.moment();
    const deadlineMs = now.orderMs + lifeMs(now);
    const opened = this.parts.book.open(terms, this.tradeNo(now.at), { ...now, deadlineMs });
    return opened.ok ? opened : refuse(alipayRefusal(wordsOfPlacing[opened.refusal]));
  }

  /** Somebody scans a precreated code: now there is a trade. */
  scan(code: string): Result<KnownTrade, 'not_found' | 'code_dead'> {
    const now = this.parts.clock.moment();
    return this.parts.book.scan(code, this.tradeNo(now.at), now);
  }

  /** Takes the money and tells the merchant. */
  pay(
    tradeNo: string,
    { wallet, buyerId = BUYER_ID, late = false, extraFen = 0 }: Paying,
  ): Result<PaidTrade, CashierRefusal> {
    const now = this.parts.clock.moment();
    const trade = this.parts.book.findByNumber(tradeNo, now);
    if (trade === undefined) return refuse('not_found');
    const account = this.accountOf(trade);
    if (!this.accepts(account, wallet)) return refuse('wallet_not_accepted');
    const asked = trade.terms.amount;
    const paid = pay(trade, {
      payer: { wallet, buyerId: wallet === 'alipay' ? buyerId : undefined },
      paidAt: now.at,
      paidMs: now.orderMs,
      amount: add(asked, money(BigInt(extraFen), asked.currency)),
      late,
    });
    if (!paid.ok) return paid;
    this.parts.book.keep(paid.value);
    this.parts.notifier.tell('notify', { account, trade: paid.value, at: now, refund: undefined });
    return paid;
  }

  /**
   * A code that was shown in a store: it is taken once, and the trade is there whatever its payer does.
   * @param how `asks` leaves the trade waiting for its payer's word
   */
  payByCode(
    terms: Terms,
    { code, deadlineMs, asks }: Readonly<{ code: string; deadlineMs: number; asks: boolean }>,
  ): Result<WaitingTrade | PaidTrade, PlaceRefusal | 'code_unknown' | Declined> {
    const now = this.parts.clock.moment();
    const known = this.parts.book.order(terms.sellerId, terms.outTradeNo, now);
    if (known !== undefined) return this.parts.book.open(terms, '', { ...now, deadlineMs });
    const shown = this.parts.codes.take(code, terms.sellerId);
    if (!shown.ok) return shown;
    const opened = this.parts.book.open(terms, this.tradeNo(now.at), { ...now, deadlineMs });
    const { wallet, reaction } = shown.value;
    if (!opened.ok || asks || reaction.does === 'waits') return opened;
    if (reaction.does === 'declines') {
      this.decline(opened.value.tradeNo);
      return refuse({ declined: reaction.code });
    }
    const paid = this.pay(opened.value.tradeNo, { wallet });
    if (!paid.ok) throw new Error('a trade that was just opened is not payable');
    return paid;
  }

  decline(tradeNo: string): Result<WaitingTrade, CashierRefusal> {
    const trade = this.parts.book.findByNumber(tradeNo, this.parts.clock.moment());
    if (trade === undefined) return refuse('not_found');
    const declined = decline(trade);
    if (declined.ok) this.parts.book.keep(declined.value);
    return declined;
  }

  close(
    account: AlipayAccount,
    which: Which,
    how: Readonly<{ because: 'asked' | 'cancelled'; notifies: boolean }>,
  ): Result<ClosedTrade, 'not_found' | 'not_waiting'> {
    const now = this.parts.clock.moment();
    const trade = this.parts.book.find(which, now);
    if (trade === undefined) return refuse('not_found');
    const closed = close(trade, how.because, now.at);
    if (!closed.ok) return closed;
    this.parts.book.keep(closed.value);
    if (how.notifies) {
      this.parts.notifier.tell('notify_close', {
        account,
        trade: closed.value,
        at: now,
        refund: undefined,
      });
    }
    return closed;
  }

  /** Whether this merchant is paid with that app. */
  accepts({ sellerId }: AlipayAccount, wallet: Wallet): boolean {
    return this.parts.codes.accepts(sellerId, wallet);
  }

  orders(): Order[] {
    return this.parts.book.all(this.parts.clock.moment());
  }

  trade(tradeNo: string): KnownTrade | undefined {
    return this.parts.book.findByNumber(tradeNo, this.parts.clock.moment());
  }

  accountOf({ terms }: Order): AlipayAccount {
    return this.accountNamed(terms.sellerId);
  }

  /** @throws Error if an order has a merchant that nobody is. */
  private accountNamed(sellerId: string): AlipayAccount {
    const account = this.parts.accounts.find((known) => known.sellerId === sellerId);
    if (account === undefined) throw new Error('an order of no merchant');
    return account;
  }

  private tradeNo(at: Date): string {
    this.trades += 1;
    return tradeNoOf(at, randomInt(100_000).toString().padStart(5, '0'), this.trades);
  }
}
