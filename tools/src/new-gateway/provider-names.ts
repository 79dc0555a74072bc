/** What a new provider is called, in every spelling, and where it is found. */
export type NewProvider = Readonly<{
  /** As in methods, topics and metrics: `bestpay`. */
  name: string;
  /** As in types: `Bestpay`. */
  Name: string;
  /** As in the environment: `BESTPAY`. */
  NAME: string;
  /** Its gateway's. */
  port: number;
  /** Its side of the sandbox. */
  sandboxPort: number;
  /** In the ledger's books, for ever. */
  code: number;
}>;

const FORM = /^[a-z][a-z0-9]{1,31}$/;

/** Why a provider cannot be called so; undefined if it can. */
export function objectionTo(name: string, taken: readonly string[]): string | undefined {
  if (!FORM.test(name)) {
    return `${JSON.stringify(name)} is no name of a provider: lower-case letters and digits, 2 to 32, a letter first`;
  }
  return taken.includes(name) ? `${name} is a provider already` : undefined;
}

/** The next number behind those that are given out. @param below the first that is somebody else's. */
export const nextOf = (given: readonly number[], below = Infinity): number =>
  Math.max(...given.filter((number) => number < below)) + 1;

export const spellingsOf = (name: string): Pick<NewProvider, 'name' | 'Name' | 'NAME'> => ({
  name,
  Name: name.charAt(0).toUpperCase() + name.slice(1),
  NAME: name.toUpperCase(),
});
