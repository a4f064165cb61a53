'use client';
import { useEffect, useRef, useState } from 'react';
import { bootstrapInPieces, type ScoredPair, type SummaryIntervals } from '@/lib/paircomp';

const NONE: SummaryIntervals = { categories: new Map(), average: null };

/**
 * The intervals of scored pairs, computed between other things. While new ones are computed the last ones stay, and a computation is
 * finished before the next begins, so that a fast run cannot starve it. Another `key` begins with none.
 */
export const useIntervals = (key: string, scored: readonly ScoredPair[]): SummaryIntervals => {
  const [known, setKnown] = useState({ key, intervals: NONE });
  const latest = useRef({ key, scored });
  const timer = useRef<number | null>(null);

  useEffect(() => {
    latest.current = { key, scored };
    const begin = (): void => {
      const job = latest.current;
      const pieces = bootstrapInPieces(job.scored);
      const work = (): void => {
        const { done, value } = pieces.next();
        if (!done) {
          timer.current = window.setTimeout(work, 0);
          return;
        }
        timer.current = null;
        setKnown({ key: job.key, intervals: value });
        if (latest.current !== job) begin();
      };
      timer.current = window.setTimeout(work, 0);
    };
    if (timer.current === null) begin();
  }, [key, scored]);

  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return known.key === key ? known.intervals : NONE;
};
