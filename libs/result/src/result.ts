/** The answer that was asked for. */
export type Ok<T> = Readonly<{ ok: true; value: T }>;

/** Our "no", with its reason as data. A fault of the world is thrown instead. */
export type Refused<R> = Readonly<{ ok: false; refusal: R }>;

/** What a decision returns: the caller cannot use the value before it has looked. */
export type Result<T, R> = Ok<T> | Refused<R>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export const refuse = <R>(refusal: R): Refused<R> => ({ ok: false, refusal });
