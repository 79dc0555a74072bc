import type { Standing } from './redrive.js';

/** What a redrive lists, as far as its end depends on it. */
type Left = Readonly<{
  parked: readonly Readonly<{ standing: Standing }>[];
  keys: readonly unknown[];
}>;

/**
 * Whether a redrive ends with 0. A look does, whatever it lists: that something is parked is told by the
 * metrics. Putting back does if nothing of what was asked for is left: nothing waits, was parked again or
 * cannot be read, and no key is in trouble.
 */
export const endsWell = (
  { parked, keys }: Left,
  { isDry }: Readonly<{ isDry: boolean }>,
): boolean =>
  isDry || (parked.every(({ standing }) => standing === 'handled') && keys.length === 0);
