'use client';
import { useDeferredValue, useMemo } from 'react';
import { PromptText } from '@/components/ui/prompt-text';
import type { Side } from '@/lib/domain';
import { type PromptReading, readPrompt, type TextVocabulary, type UnknownWord } from '@/lib/models';
import { countMarks, type PromptNote, promptNotes, type Vocabulary, withoutMarks } from '@/lib/prompts';
import { useController, useSession } from '@/lib/state';

/** What the model makes of a prompt; null while its vocabulary is not here. */
export const useReading = (side: Side, vocabulary: TextVocabulary | undefined): PromptReading | null => {
  const text = useDeferredValue(useSession((state) => state.prompts[side]));
  return useReadingOf(text, vocabulary);
};

/** The same for a prompt that is not, or not yet, the one of the bench. */
export const useReadingOf = (text: string, vocabulary: TextVocabulary | undefined): PromptReading | null =>
  useMemo(() => (vocabulary === undefined ? null : readPrompt(text, vocabulary)), [text, vocabulary]);

/** What the prompt asks for beyond what the model was taught. */
export const useNotes = (side: Side, vocabulary: Vocabulary | undefined): readonly PromptNote[] => {
  const text = useDeferredValue(useSession((state) => state.prompts[side]));
  return useMemo(() => (vocabulary === undefined ? [] : promptNotes(text, vocabulary)), [text, vocabulary]);
};

const MAXIMUM_WORDS = 4;
const MAXIMUM_NOTES = 3;

/** One entry a word, however often it occurs. */
const distinct = (unknown: readonly UnknownWord[]): readonly UnknownWord[] => [
  ...new Map(unknown.map((one) => [one.word, one])).values(),
];

interface PromptRemarksProps {
  readonly side: Side;
  readonly reading: PromptReading | null;
  readonly notes: readonly PromptNote[];
  readonly id: string;
}

/** Says what the model cannot read or was never taught, and offers the nearest that it was; the prompt is drawn all the same. */
export function PromptRemarks({ side, reading, notes, id }: PromptRemarksProps) {
  const isEmpty = useSession((state) => state.prompts[side].trim() === '');
  const controller = useController();
  const prompt = useSession((state) => state.prompts[side]);
  // What a note speaks of needs no second remark.
  const isNoted = ({ start, end }: UnknownWord): boolean =>
    notes.some(({ place }) => place !== null && place.start <= start && end <= place.end);
  const unknown = distinct((reading?.unknown ?? []).filter((one) => !isNoted(one)));
  const hasNoWords = reading !== null && reading.ids.length === 0;
  const cut = reading?.truncatedWords ?? 0;
  const marks = countMarks(prompt);

  const replace = ({ word, nearest }: UnknownWord): void => {
    if (nearest === null) return;
    // From the end, so that earlier offsets stay right.
    const places = (reading?.unknown ?? []).filter((one) => one.word === word).reverse();
    controller.setPrompt(
      side,
      places.reduce((text, { start, end }) => text.slice(0, start) + nearest + text.slice(end), prompt),
    );
  };

  return (
    <div id={id} aria-live="polite" className="pr-4 pl-12 text-[13px] empty:hidden max-sm:pl-11">
      {(isEmpty || hasNoWords) && (
        <p className="pb-1.5 text-mut">
          {isEmpty
            ? `Prompt ${side.toUpperCase()} is empty; type something to draw.`
            : `Prompt ${side.toUpperCase()} has no words that a model could read.`}
        </p>
      )}
      {marks > 0 && (
        <p className="flex flex-wrap items-center gap-x-1.5 pb-1.5 text-warn">
          <span>
            {marks === 1 ? 'An invisible character changes' : `${marks} invisible characters change`} the direction of
            this prompt.
          </span>
          <button
            type="button"
            onClick={() => controller.setPrompt(side, withoutMarks(prompt))}
            className="inline-flex min-h-6 items-center rounded-md border border-line px-1.5 text-ink hover:border-edge pointer-coarse:py-1"
          >
            Remove
          </button>
        </p>
      )}
      {unknown.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 pb-1.5 text-mut">
          <span className="text-warn">Not in the model’s vocabulary, drawn as an unknown word:</span>
          {unknown.slice(0, MAXIMUM_WORDS).map((one) => (
            <span key={one.word} className="inline-flex items-center gap-1">
              <PromptText className="max-w-[16ch] truncate font-medium text-ink">{one.word}</PromptText>
              {one.nearest !== null && <Instead word={one.nearest} onPress={() => replace(one)} />}
            </span>
          ))}
          {unknown.length > MAXIMUM_WORDS && <span>and {unknown.length - MAXIMUM_WORDS} more</span>}
        </p>
      )}
      {notes.slice(0, MAXIMUM_NOTES).map(({ text, place, instead }) => (
        <p key={text} className="flex flex-wrap items-center gap-x-1.5 gap-y-1 pb-1.5 text-mut">
          <span>{text}</span>
          {place !== null && instead !== null && (
            <Instead
              word={instead}
              onPress={() =>
                controller.setPrompt(side, prompt.slice(0, place.start) + instead + prompt.slice(place.end))
              }
            />
          )}
        </p>
      ))}
      {cut > 0 && (
        <p className="pb-1.5 text-warn">
          This prompt is longer than the model reads: its last {cut} {cut === 1 ? 'word is' : 'words are'} ignored.
        </p>
      )}
    </div>
  );
}

function Instead({ word, onPress }: { readonly word: string; readonly onPress: () => void }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="inline-flex min-h-6 items-center gap-1 rounded-md border border-line px-1.5 hover:border-edge hover:text-ink pointer-coarse:py-1"
    >
      use <bdi className="font-medium text-ink">{word}</bdi>
    </button>
  );
}
