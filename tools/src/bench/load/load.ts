/** Open: one begins every 1/`rate` seconds, come what may. Closed: `concurrency` at a time, each anew. */
export type Pace = Readonly<{ rate: number } | { concurrency: number }>;

/** How long, or how many, what was not measured included. */
export type Extent = Readonly<{ seconds: number } | { payments: number }>;

export type Load = Pace &
  Extent &
  Readonly<{
    /** Begins to be measured after so long. */
    warmSeconds: number;
    /** An open loop gives up with more than that under way; six seconds' worth if nothing is said, and says so. */
    mostAtOnce?: number;
  }>;
