/** A clock that a spec moves. Has the shape of `Clock` of the services. */
export class FixedClock {
  private time: number;

  /** @param iso `2026-11-24T08:00:00.000Z`. @throws RangeError if it is no date. */
  constructor(iso: string) {
    this.time = millisecondsOf(iso);
  }

  now(): Date {
    return new Date(this.time);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** @throws RangeError if `iso` is no date. */
  set(iso: string): void {
    this.time = millisecondsOf(iso);
  }
}

const millisecondsOf = (iso: string): number => new Date(new Date(iso).toISOString()).getTime();
