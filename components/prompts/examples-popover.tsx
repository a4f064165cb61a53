'use client';
import { useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { Images } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { PromptText } from '@/components/ui/prompt-text';
import { useOpenExample, useSession } from '@/lib/state';
import { publicPath } from '@/lib/state/page';
import { categoryNames, type Example, exampleQuery, useExamples } from '@/lib/state/sharing';

/** Recorded comparisons, one a category of PairComp: shown at once, without a model. */
export function ExamplesPopover() {
  const [open, setOpen] = useState(false);
  const examples = useExamples();
  const queries = useQueryClient();
  const openExample = useOpenExample();
  const shown = useSession(({ source }) => (source?.kind === 'example' ? source.id : null));

  const choose = (example: Example): void => {
    setOpen(false);
    void openExample(example);
  };

  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Recorded comparisons"
      className="w-[min(620px,calc(100vw-20px))]"
      trigger={
        <Button className="max-sm:w-9 max-sm:px-0">
          <Images size={14} aria-hidden />
          <span className="max-sm:sr-only">Examples</span>
        </Button>
      }
    >
      {examples.data === undefined ? (
        <div className="grid justify-items-start gap-2">
          <p className="text-mut">
            {examples.isError
              ? 'The recorded comparisons could not be fetched. Check the connection and try again.'
              : 'Fetching the recorded comparisons…'}
          </p>
          {examples.isError && <Button onClick={() => void examples.refetch()}>Try again</Button>}
        </div>
      ) : (
        <ul aria-label="Recorded comparisons" className="grid gap-2 sm:grid-cols-2">
          {examples.data.map((example) => (
            <li key={example.id}>
              <button
                type="button"
                aria-pressed={example.id === shown}
                onClick={() => choose(example)}
                onPointerEnter={() => void queries.prefetchQuery(exampleQuery(example))}
                className={clsx(
                  'grid w-full grid-cols-[auto_minmax(0,1fr)] items-center gap-3 rounded-lg border p-1.5 text-left hover:bg-soft',
                  example.id === shown ? 'border-ink' : 'border-line',
                )}
              >
                <span className="flex gap-1">
                  {[example.a, example.b].map((picture) => (
                    <img key={picture} src={publicPath(picture)} alt="" width={52} height={52} className="rounded-md" />
                  ))}
                </span>
                <span className="grid text-[13px] leading-[1.35]">
                  <span className="text-mut">{categoryNames[example.category] ?? example.category}</span>
                  {example.title.split(' / ').map((prompt) => (
                    <PromptText key={prompt} className="truncate">
                      {prompt}
                    </PromptText>
                  ))}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
