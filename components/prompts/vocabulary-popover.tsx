'use client';
import { BookOpen } from 'lucide-react';
import { useState } from 'react';
import { useVocabularyLists } from '@/lib/state/model-queries';
import { Popover } from '../ui/popover';

/** What the model knows, so that nobody has to guess. */
export function VocabularyPopover({ folder }: { readonly folder: string | undefined }) {
  const [open, setOpen] = useState(false);
  const lists = useVocabularyLists(folder, open);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      title="What the model knows"
      className="w-[min(460px,calc(100vw-20px))]"
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
      {lists.data === undefined ? (
        <p className="text-mut">{lists.isError ? 'The list of words could not be fetched.' : folder === undefined ? 'There is no model here yet.' : 'Fetching the words…'}</p>
      ) : (
        <dl className="grid gap-2.5">
          {Object.entries(lists.data).map(([name, words]) => (
            <div key={name}>
              <dt className="font-medium first-letter:uppercase">{name}</dt>
              <dd className="text-mut">{words.join(', ')}</dd>
            </div>
          ))}
        </dl>
      )}
    </Popover>
  );
}
