export type Side = 'a' | 'b';

/** One value for each side of a comparison. */
export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

export const sides = ['a', 'b'] as const satisfies readonly Side[];

export const pairOf = <T>(make: (side: Side) => T): Pair<T> => ({ a: make('a'), b: make('b') });
