/**
 * Without control characters and halves of characters: it is shown to people, sent to providers, and
 * kept by others in columns that take neither.
 */
export const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
