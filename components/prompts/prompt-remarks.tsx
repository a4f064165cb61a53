'use client';
import { useDeferredValue, useMemo } from 'react';
import type { Side } from '@/lib/engine';
import { readPrompt } from '@/lib/models';
import type { PromptReading, TextVocabulary, UnknownWord } from '@/lib/models';
import { useController, useSession } from '@/lib/state/session-context';

/** What the model makes of a prompt; null while its vocabulary is not here. */
export const useReading = (side: Side, vocabulary: TextVocabulary | undefined): PromptReading | null => {
  const text = useDeferredValue(useSession((state) => state.prompts[side]));
  return useMemo(() => (vocabulary === undefined ? null : readPrompt(text, vocabulary)), [text, vocabulary]);
};

const MAXIMUM_WORDS = 4;

/** One entry a word, however often it occurs. */
const distinct = (unknown: readonly UnknownWord[]): readonly UnknownWord[] => [...new Map(unknown.map((one) => [one.word, one])).values()];

/** Says what the model cannot read, and offers the nearest that it can; the prompt is drawn all the same. */
export function PromptRemarks({ side, reading, id }: { readonly side: Side; readonly reading: PromptReading | null; readonly id: string }) {
  const isEmpty = useSession((state) => state.prompts[side].trim() === '');
  const controller = useController();
  const prompt = useSession((state) => state.prompts[side]);
  const unknown = distinct(reading?.unknown ?? []);
  const hasNoWords = reading !== null && reading.ids.length === 0;
  const cut = reading?.truncatedWords ?? 0;

  const replace = ({ word, nearest }: UnknownWord): void => {
    if (nearest === null) return;
    // From the end, so that earlier offsets stay right.
    const places = (reading?.unknown ?? []).filter((one) => one.word === word).reverse();
    controller.setPrompt(side, places.reduce((text, { start, end }) => text.slice(0, start) + nearest + text.slice(end), prompt));
  };

  return (
    <div id={id} aria-live="polite" className="pl-12 text-[12.5px] empty:hidden max-sm:pl-11">
      {(isEmpty || hasNoWords) && <p className="pb-1.5 text-mut">{isEmpty ? `Prompt ${side.toUpperCase()} is empty; type something to draw.` : `Prompt ${side.toUpperCase()} has no words that a model could read.`}</p>}
      {unknown.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 pb-1.5 text-mut">
          <span className="text-warn">Not in the model’s vocabulary, drawn as an unknown word:</span>
          {unknown.slice(0, MAXIMUM_WORDS).map((one) => (
            <span key={one.word} className="inline-flex items-center gap-1">
              <bdi className="max-w-[16ch] truncate font-medium text-ink">{one.word}</bdi>
              {one.nearest !== null && (
                <button type="button" onClick={() => replace(one)} className="inline-flex min-h-6 items-center gap-1 rounded-md border border-line px-1.5 hover:border-edge hover:text-ink pointer-coarse:py-1">
                  use <span className="font-medium text-ink">{one.nearest}</span>
                </button>
              )}
            </span>
          ))}
          {unknown.length > MAXIMUM_WORDS && <span>and {unknown.length - MAXIMUM_WORDS} more</span>}
        </p>
      )}
      {cut > 0 && (
        <p className="pb-1.5 text-warn">
          This prompt is longer than the model reads: its last {cut} {cut === 1 ? 'word is' : 'words are'} ignored.
        </p>
      )}
    </div>
  );
}
