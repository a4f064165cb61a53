let query: MediaQueryList | null = null;

/** Whether the person asked for less motion, at this moment. */
export const prefersReducedMotion = (): boolean => {
  query ??= window.matchMedia('(prefers-reduced-motion: reduce)');
  return query.matches;
};
