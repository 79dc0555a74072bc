/** One thing that is wrong with a document, and where: `$.versions[0].methods[2].label`. */
export type Mistake = Readonly<{ path: string; wanted: string }>;

/**
 * A place in a parsed JSON document. Reading never throws: what is not as wanted is noted with its
 * path, so that whoever wrote the document hears of every mistake at once.
 */
export class JsonReader {
  private constructor(
    private readonly value: unknown,
    readonly path: string,
    private readonly mistakes: Mistake[],
  ) {}

  /** @param mistakes where everything that is wrong is noted. */
  static of(document: unknown, mistakes: Mistake[]): JsonReader {
    return new JsonReader(document, '$', mistakes);
  }

  /** Whether it is an object without members. */
  get empty(): boolean {
    const { value } = this;
    return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  }

  /** What `read` makes of it, if it is there at all. */
  optional<T>(read: (at: JsonReader) => T): T | undefined {
    return this.value === undefined ? undefined : read(this);
  }

  /** Looks members up. All must be known: a misspelt condition would open a method to everybody. */
  members<Name extends string>(...known: readonly Name[]): (name: Name) => JsonReader {
    const { value } = this;
    const object = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!object) this.wants('an object');
    const found = new Map<string, unknown>(object ? Object.entries(value) : []);
    for (const name of found.keys()) {
      if (!known.some((one) => one === name)) this.at(name, undefined).wants('no such member');
    }
    return (name) => this.at(name, found.get(name));
  }

  /** The elements of a list that must not be empty. */
  items(atMost = Infinity): readonly JsonReader[] {
    const { value } = this;
    if (!Array.isArray(value) || value.length === 0 || value.length > atMost) {
      this.wants(
        `a list with at least one element${atMost < Infinity ? `, at most ${atMost}` : ''}`,
      );
      return [];
    }
    return value.map(
      (item: unknown, index) => new JsonReader(item, `${this.path}[${index}]`, this.mistakes),
    );
  }

  /** A text that `parse` makes something of; what it leaves undefined is a mistake. */
  text<T>(wanted: string, parse: (text: string) => T | undefined): T | undefined {
    return this.parsed(wanted, typeof this.value === 'string' ? parse(this.value) : undefined);
  }

  wholeNumber(min: number, max: number): number | undefined {
    const { value } = this;
    const fits = typeof value === 'number' && Number.isInteger(value);
    const within = fits && value >= min && value <= max;
    return this.parsed(`a whole number from ${min} to ${max}`, within ? value : undefined);
  }

  /** Notes that this place is wrong. @param wanted what should be here, to follow "wants". */
  wants(wanted: string): void {
    this.mistakes.push({ path: this.path, wanted });
  }

  private parsed<T>(wanted: string, value: T | undefined): T | undefined {
    if (value === undefined) this.wants(wanted);
    return value;
  }

  private at(name: string, value: unknown): JsonReader {
    return new JsonReader(value, `${this.path}.${name}`, this.mistakes);
  }
}
