/** One thing that the run did to somebody, and when. */
export type Entry = Readonly<{ at: Date; what: string }>;

/** What the run did to the machines and to single orders: told beside a payment that went wrong. */
export class Diary {
  private readonly entries: Entry[] = [];

  constructor(private readonly say: (line: string) => void) {}

  /** Of the machines: said aloud, too. */
  machines(what: string): void {
    this.entries.push({ at: new Date(), what });
    this.say(what);
  }

  /** Of one order: too many to be said. */
  order(what: string): void {
    this.entries.push({ at: new Date(), what });
  }

  /** Everything between two moments, and what names one of these ids whenever it was. */
  around(from: Date, to: Date, ids: readonly string[]): readonly Entry[] {
    return this.entries.filter(
      ({ at, what }) =>
        ids.some((id) => what.includes(id)) ||
        (at >= from && at <= to && !/\b[0-9A-Z]{26}\b/.test(what)),
    );
  }
}
