/** Now, twice: `at` is real and is said to others, `orderMs` is where deadlines are compared. */
export type Moment = Readonly<{ at: Date; orderMs: number }>;
