declare const brand: unique symbol;

/** A primitive that only its own factory or parser may produce. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
