/** Open: one begins every 1/`rate` seconds, come what may. Closed: `concurrency` at a time, each anew. */
export type Load = Readonly<{ rate: number } | { concurrency: number }> &
  Readonly<{
    /** Begins to be measured after so long. */
    warmSeconds: number;
    seconds: number;
    /** An open loop gives up with more than that under way; six seconds' worth if nothing is said, and says so. */
    mostAtOnce?: number;
  }>;
