import { eventually } from '@hutong/testing';
import { call } from './call.js';

export type AmountView = Readonly<{ currency: string; minor: string }>;

/** What is booked of one outcome, as this client uses it; the service's OpenAPI document says it whole. */
export type EntryView = Readonly<{
  type: string;
  platform: string;
  provider: string | null;
  instrument: string | null;
  presentation: string | null;
  gross: AmountView;
  fee: AmountView;
  bookedDay: string;
  /** Debits positive, credits negative. */
  postings: readonly Readonly<{ account: string; amount: AmountView }>[];
  /** Of the postings: zero. */
  sum: string;
}>;

/** Columns: what belongs together has the same index. Amounts in minor units. */
export type VolumesView = Readonly<{
  platform: readonly string[];
  provider: readonly (string | null)[];
  instrument: readonly (string | null)[];
  presentation: readonly (string | null)[];
  currency: readonly string[];
  /** Payments paid. */
  ok: readonly number[];
  gross: readonly string[];
  fee: readonly string[];
  refunded: readonly string[];
}>;

export type AdoptionView = Readonly<{
  instrument: string;
  from: string;
  to: string;
  uniques: number;
}>;

/** Whose adoption, by which app, where; days in Beijing, `to` is the first that is not meant any more. */
export type AdoptionAsked = Readonly<{
  entity: 'payer' | 'merchant';
  instrument: string;
  platform: string;
  from: string;
  to: string;
}>;

/** A part of all payers or merchants; null of nobody. */
export type PartView = Readonly<{ uniques: number; among: number; share: number | null }>;
export type ShareView = PartView & Readonly<{ elsewhere?: PartView }>;

/** Days and their windows' uniques, by index, and what these are against those of the launch. */
export type GrowthView = Readonly<{
  day: readonly string[];
  uniques: readonly number[];
  launch?: Readonly<{ from: string; to: string; uniques: number }>;
  growth: readonly (number | null)[];
}>;

/** Why a payer was shown what they were shown. */
export type DecisionsView = Readonly<{
  decisions: readonly Readonly<{
    offer: number;
    policyVersion: string;
    methods: readonly Readonly<{
      method: string;
      offered: boolean;
      reasons: readonly string[];
    }>[];
  }>[];
}>;

/** What an operator has switched off, and how providers do by what their gateways report. */
export type SwitchesView = Readonly<{
  off: readonly Readonly<{ target: string; reason: string }>[];
  circuits: readonly Readonly<{ provider: string; state: 'closed' | 'open' | 'half_open' }>[];
}>;

export type AccountView = Readonly<{ account: string; debits: string; credits: string }>;

/** What an operator reads of ledger and routing, and turns there. */
export class Operator {
  constructor(
    private readonly at: Readonly<{ ledger: URL; routing: URL }>,
    private readonly token: string,
  ) {}

  /** What is booked of an attempt, once it is. @throws Error if it is not within the time. */
  entriesOf(attemptId: string, withinMs: number): Promise<readonly EntryView[]> {
    return this.entries({ attempt: attemptId }, withinMs);
  }

  /** What is booked of a refund, also of surplus, once it is. @throws Error as above. */
  entriesOfRefund(refundId: string, withinMs: number): Promise<readonly EntryView[]> {
    return this.entries({ refund: refundId }, withinMs);
  }

  /** @param scope what to narrow it down to; without one, all that ever went through. */
  volumes(scope: Readonly<Record<string, string>> = {}): Promise<VolumesView> {
    return this.get(`/volumes?${new URLSearchParams(scope).toString()}`);
  }

  adoption(asked: AdoptionAsked): Promise<AdoptionView> {
    return this.get(`/adoption/range?${new URLSearchParams(asked).toString()}`);
  }

  share(asked: AdoptionAsked): Promise<ShareView> {
    return this.get(`/adoption/share?${new URLSearchParams(asked).toString()}`);
  }

  /** @param asked `launch`: the day of it, in Beijing. */
  growth(asked: AdoptionAsked & Readonly<{ launch: string }>): Promise<GrowthView> {
    return this.get(`/adoption/growth?${new URLSearchParams(asked).toString()}`);
  }

  /** @param days in Beijing; `to` is the day after the last one. */
  uniquePayers(days: { from: string; to: string }): Promise<AdoptionView> {
    const asked = {
      entity: 'payer',
      instrument: 'wechat_pay',
      platform: 'taobao',
      ...days,
    } as const;
    return this.adoption(asked);
  }

  /** Balances of the accounts in which surplus waits to go back. */
  async surplusAccounts(): Promise<readonly AccountView[]> {
    const { accounts } = await this.get<{ accounts: AccountView[] }>('/accounts?kind=surplus');
    return accounts;
  }

  /** What routing decided about a payment, and why. */
  decisionsOf(paymentId: string): Promise<DecisionsView> {
    return this.get(`/decisions/${paymentId}`, this.at.routing);
  }

  switches(): Promise<SwitchesView> {
    return this.get('/switches', this.at.routing);
  }

  /** Takes a provider or one of its methods out of all offers, or back into them. */
  async turn(target: string, to: 'off' | 'on', reason: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}` };
    const body = { target, off: to === 'off', reason };
    await call(this.at.routing, { method: 'POST', path: '/switches', headers, body });
  }

  private entries(of: Record<string, string>, withinMs: number): Promise<readonly EntryView[]> {
    const asked = new URLSearchParams(of).toString();
    const look = async () => {
      const { entries } = await this.get<{ entries: EntryView[] }>(`/entries?${asked}`);
      return entries.length > 0 && entries;
    };
    return eventually(look, { withinMs, what: `${asked} to be booked` });
  }

  private get<Answer>(path: string, base = this.at.ledger): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.token}` };
    return call(base, { method: 'GET', path, headers });
  }
}
