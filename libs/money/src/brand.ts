declare const brand: unique symbol;

/** A `T` that only its own parser or constructor can make: two brands are never assignable. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
