'use client';
import { BookOpen } from 'lucide-react';
import Link from 'next/link';
import { useDeferredValue, useMemo, useState } from 'react';
import { Popover } from '@/components/ui/popover';
import { Segmented } from '@/components/ui/segmented';
import type { Side } from '@/lib/domain';
import type { Vocabulary } from '@/lib/prompts';
import { useVocabulary } from '@/lib/state/models';
import { type Entry, limitSentences, searchGroups, vocabularyGroups } from './vocabulary-groups';

export interface VocabularyPopoverProps {
  readonly folder: string | undefined;
  /** The prompt that a pressed word goes into. */
  readonly side: Side;
  readonly onSide: (side: Side) => void;
  readonly onInsert: (insertion: NonNullable<Entry['insertion']>) => void;
}

/** What the model knows, so that nobody has to guess; a word that is pressed goes into a prompt. */
export function VocabularyPopover({ folder, ...rest }: VocabularyPopoverProps) {
  const [open, setOpen] = useState(false);
  const vocabulary = useVocabulary(folder);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      title="What the model knows"
      className="w-[min(560px,calc(100vw-20px))]"
      trigger={
        <button
          type="button"
          aria-label="What the model knows"
          title="What the model knows"
          className="grid size-7 place-items-center rounded-md text-mut hover:bg-soft hover:text-ink data-popup-open:bg-soft data-popup-open:text-ink pointer-coarse:size-9"
        >
          <BookOpen size={14} aria-hidden />
        </button>
      }
    >
      {vocabulary.data === undefined ? (
        <p className="text-mut">
          {vocabulary.isError
            ? 'The list of words could not be fetched.'
            : folder === undefined
              ? 'There is no model here yet.'
              : 'Fetching the words…'}
        </p>
      ) : (
        <Book vocabulary={vocabulary.data} {...rest} />
      )}
    </Popover>
  );
}

const sides = [
  { value: 'a', label: 'A' },
  { value: 'b', label: 'B' },
] as const;

function Book({
  vocabulary,
  side,
  onSide,
  onInsert,
}: Omit<VocabularyPopoverProps, 'folder'> & { readonly vocabulary: Vocabulary }) {
  const [query, setQuery] = useState('');
  const deferred = useDeferredValue(query);
  const groups = useMemo(() => vocabularyGroups(vocabulary), [vocabulary]);
  const found = useMemo(() => searchGroups(groups, deferred), [groups, deferred]);
  return (
    <>
      <div className="sticky -top-4 z-10 -mx-4 flex items-center gap-3 border-b border-line bg-panel px-4 pt-1 pb-2.5">
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          aria-label="Search the words"
          placeholder="Search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-transparent px-2 text-ink placeholder:text-mut pointer-coarse:h-9 max-sm:text-[16px]"
        />
        <span className="flex shrink-0 items-center gap-1.5">
          <span className="text-mut">into</span>
          <Segmented label="Put words into prompt" value={side} options={sides} onChange={onSide} />
        </span>
      </div>
      <p role="status" className="pt-2.5 text-mut empty:hidden">
        {found.length === 0 ? 'The model knows no such word.' : ''}
      </p>
      <div className="grid gap-3 pt-2.5">
        {found.map(({ name, hint, entries }) => (
          <section key={name} aria-label={name}>
            <h3 className="mb-1 font-medium">
              {name}
              {hint !== null && <span className="font-normal text-mut"> {hint}</span>}
            </h3>
            <ul className="flex flex-wrap gap-1">
              {entries.map(({ label, insertion }) => (
                <li key={label}>
                  {insertion === null ? (
                    <span className="inline-flex min-h-6 items-center px-1.5 text-mut">{label}</span>
                  ) : (
                    <button
                      type="button"
                      onClick={() => onInsert(insertion)}
                      className="inline-flex min-h-6 items-center rounded-md border border-line px-1.5 text-left hover:border-edge hover:bg-soft pointer-coarse:min-h-9 pointer-coarse:px-2.5"
                    >
                      {label}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </section>
        ))}
        {deferred.trim() === '' && (
          <section aria-label="Limits">
            <h3 className="mb-1 font-medium">Limits</h3>
            <ul className="grid list-disc gap-0.5 pl-4 text-mut">
              {limitSentences(vocabulary).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            {/* In a page of its own, so that a drawing goes on. */}
            <Link
              href="/model"
              target="_blank"
              className="mt-1.5 inline-flex min-h-6 items-center underline underline-offset-3"
            >
              The model card: how well it draws
            </Link>
          </section>
        )}
      </div>
    </>
  );
}
