/** One thing that is wrong with a document, and where: `$.versions[0].methods[2].label`. */
export type Mistake = Readonly<{ path: string; wanted: string }>;

/**
 * A place in a parsed JSON document. Reading never throws: what is not as wanted is noted with its
 * path, so that whoever wrote the document hears of every mistake at once.
 */
export class JsonPlace {
  private constructor(
    readonly value: unknown,
    private readonly path: string,
    private readonly mistakes: Mistake[],
  ) {}

  /** @param mistakes where everything that is wrong is noted. */
  static of(document: unknown, mistakes: Mistake[]): JsonPlace {
    return new JsonPlace(document, '$', mistakes);
  }

  /** A member by its name; of what is no object, or has no such member, a place that holds nothing. */
  member(name: string): JsonPlace {
    return new JsonPlace(membersOf(this.value).get(name), `${this.path}.${name}`, this.mistakes);
  }

  /** The names of all members; none where this is no object. */
  names(): readonly string[] {
    return [...membersOf(this.value).keys()];
  }

  /** An element of a list by its number from 0. */
  item(index: number): JsonPlace {
    const value: unknown = Array.isArray(this.value) ? this.value[index] : undefined;
    return new JsonPlace(value, `${this.path}[${index}]`, this.mistakes);
  }

  /** Notes that this place is wrong. @param wanted what should be here. */
  wants(wanted: string): void {
    this.mistakes.push({ path: this.path, wanted });
  }
}

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>(isObject(value) ? Object.entries(value) : []);

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
