'use client';
import clsx from 'clsx';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useSettled } from '@/components/token-grid/use-settled';
import { QUESTION } from '@/components/shell/question';
import { Button } from '@/components/ui/button';
import { findingWords, type FindingWords } from '@/lib/measures';
import { modelFolder, readPrompt } from '@/lib/models';
import { diffPrompts } from '@/lib/prompts';
import { useBench, useBenchStore } from '@/lib/state';
import { differencesToWalk, findingOnScreen, findingSoFar, type Frame, lockNextDifference } from '@/lib/state/bench';
import { useIsListed, useTextVocabulary } from '@/lib/state/models';
import layout from './bench.module.css';
import { CompareControls } from './compare-controls';

/** Whether the model reads both prompts as the same; asked only where no token differs, and null where it is not known. */
const useReadsAlike = (frame: Frame | null, isAsked: boolean): boolean | null => {
  const folder = frame === null || !isAsked ? undefined : modelFolder(frame);
  const vocabulary = useTextVocabulary(useIsListed(folder) === true ? folder : undefined).data;
  return useMemo(() => {
    if (vocabulary === undefined || frame === null) return null;
    return diffPrompts(frame.prompts.a, frame.prompts.b, (prompt) => readPrompt(prompt, vocabulary).ids).readsAlike;
  }, [vocabulary, frame]);
};

/** The finding on screen in words; null while there is none. */
const useFindingWords = (): FindingWords | null => {
  const frame = useBench((state) => state.frame);
  const drawn = useSettled((state) => state.drawn);
  const status = useBench((state) => state.status);
  const finding = useMemo(() => findingOnScreen({ frame, drawn, status }), [frame, drawn, status]);
  const readsAlike = useReadsAlike(frame, finding?.kind === 'equal');
  return useMemo(() => {
    if (finding === null || frame === null) return null;
    const isCut = drawn < frame.grid.rows * frame.grid.columns;
    return findingWords(finding, { grid: frame.grid, readsAlike, isCut });
  }, [finding, frame, drawn, readsAlike]);
};

/** One line above the pictures: what was found, from the numbers; the deciding cells are framed below. */
export function FindingLine({ children }: { readonly children?: ReactNode }) {
  const words = useFindingWords();
  const isDrawing = useBench(({ status }) => status === 'drawing' || status === 'paused');
  return (
    <section
      aria-label="Finding"
      className={clsx(layout.finding, 'flex min-h-11 items-center gap-x-4 gap-y-1.5 short:min-h-9')}
    >
      <h2
        id="bench"
        tabIndex={-1}
        className="min-w-0 flex-1 text-[22px] leading-[1.2] font-[640] tracking-[-0.02em] text-balance outline-none max-sm:text-[20px] short:text-[20px]"
      >
        {words === null ? (
          isDrawing ? (
            <Drawing />
          ) : (
            QUESTION
          )
        ) : (
          <>
            {words.lead} {words.named !== '' && <span className="text-d">{words.named} </span>}
            <span className="font-normal text-mut">{words.rest}</span>
          </>
        )}
      </h2>
      <div className="flex flex-wrap items-center gap-2 sm:flex-nowrap sm:gap-x-4">
        <CompareControls className="sm:hidden" />
        <NextDifference />
        {children}
      </div>
    </section>
  );
}

/** Counts while tokens arrive; words would change with every one of them. */
function Drawing() {
  const counts = useSettled((state) => {
    const finding = findingSoFar(state);
    return finding === null ? '' : `${finding.different} of ${finding.steps} tokens differ so far`;
  });
  const isPaused = useBench(({ status }) => status === 'paused');
  return (
    <span className="font-normal text-mut">
      {isPaused ? 'Paused' : 'Drawing'}
      {counts !== '' && <span className="num text-[15px]">: {counts}</span>}
    </span>
  );
}

function NextDifference() {
  const bench = useBenchStore();
  const frame = useBench((state) => state.frame);
  const drawn = useSettled((state) => state.drawn);
  const status = useBench((state) => state.status);
  const locked = useBench((state) => state.lockedStep);
  const walk = useMemo(() => differencesToWalk({ frame, drawn, status }), [frame, drawn, status]);
  const at = locked === null ? -1 : walk.indexOf(locked);
  const place = walk.length === 0 ? '' : at < 0 ? `${walk.length}` : `${at + 1} of ${walk.length}`;
  return (
    <Button
      disabled={place === ''}
      onClick={() => lockNextDifference(bench)}
      aria-keyshortcuts="n"
      title="Next difference, the deciding cells first (N)"
      className={clsx('h-8! text-[14px] sm:order-last', place === '' && 'max-sm:hidden')}
    >
      Next difference <span className="num min-w-[7ch] text-left text-mut">{place}</span>
      <kbd className="text-[13px] text-mut max-sm:hidden">N</kbd>
    </Button>
  );
}
