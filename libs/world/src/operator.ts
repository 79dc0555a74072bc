/** What an operator reads of the ledger. Shapes: the README of the service. */
export class Operator {
  constructor(
    private readonly ledger: URL,
    private readonly token: string,
  ) {}

  /** The entry of one attempt once it is booked. @throws Error if it is not within the time. */
  async entryOf(attemptId: string, withinMs: number): Promise<unknown> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const entry = await this.get(`/entries?attempt=${attemptId}`);
      if (hasEntries(entry)) return entry;
      if (performance.now() > deadline) throw new Error(`attempt ${attemptId} was not booked`);
    }
  }

  volumes(): Promise<unknown> {
    return this.get('/volumes?platform=taobao');
  }

  uniquePayers(day: { from: string; to: string }): Promise<unknown> {
    const query = new URLSearchParams({
      entity: 'payer',
      instrument: 'wechat_pay',
      platform: 'taobao',
      ...day,
    });
    return this.get(`/adoption/range?${query.toString()}`);
  }

  private async get(path: string): Promise<unknown> {
    const answer = await fetch(new URL(path, this.ledger), {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  }
}

const hasEntries = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  'entries' in answer &&
  Array.isArray(answer.entries) &&
  answer.entries.length > 0;
