import { eventually } from '@hutong/testing';

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
}>;

export type AdoptionView = Readonly<{
  instrument: string;
  from: string;
  to: string;
  uniques: number;
}>;

/** What an operator reads of the ledger. */
export class Operator {
  constructor(
    private readonly ledger: URL,
    private readonly token: string,
  ) {}

  /** What is booked of an attempt, once it is. @throws Error if it is not within the time. */
  entriesOf(attemptId: string, withinMs: number): Promise<readonly EntryView[]> {
    const look = async () => {
      const { entries } = await this.get<{ entries: EntryView[] }>(`/entries?attempt=${attemptId}`);
      return entries.length > 0 && entries;
    };
    return eventually(look, { withinMs, what: `attempt ${attemptId} to be booked` });
  }

  volumes(): Promise<VolumesView> {
    return this.get('/volumes?platform=taobao');
  }

  /** @param days in Beijing; `to` is the day after the last one. */
  uniquePayers(days: { from: string; to: string }): Promise<AdoptionView> {
    const question = { entity: 'payer', instrument: 'wechat_pay', platform: 'taobao', ...days };
    return this.get(`/adoption/range?${new URLSearchParams(question).toString()}`);
  }

  private async get<Answer>(path: string): Promise<Answer> {
    const answer = await fetch(new URL(path, this.ledger), {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}
