'use client';
import clsx from 'clsx';
import { useQueryClient } from '@tanstack/react-query';
import { useController, useSession } from '@/lib/state';
import { categoryNames, type Example, exampleQuery, useExamples } from '@/lib/state/sharing';

/** One recorded comparison a category. */
export function ExampleStrip() {
  const examples = useExamples();
  const queries = useQueryClient();
  const controller = useController();
  const shown = useSession(({ source }) => (source?.kind === 'example' ? source.id : null));

  const choose = (example: Example): void => {
    queries.fetchQuery(exampleQuery(example)).then(
      ({ comparison, images }) =>
        controller.show(comparison, { kind: 'example', id: example.id, title: example.title }, { images }),
      () =>
        controller.notify({
          tone: 'error',
          text: `The recorded comparison “${example.title}” could not be fetched. Check the connection and try again.`,
          action: { label: 'Try again', run: () => choose(example) },
        }),
    );
  };

  if (examples.data === undefined || examples.data.length === 0) return null;
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <span id="recorded-label" className="text-mut max-sm:sr-only">
        recorded:
      </span>
      <div
        role="group"
        aria-labelledby="recorded-label"
        className="flex gap-1.5 overflow-x-auto py-px [scrollbar-width:none] short:gap-1"
      >
        {examples.data.map((example) => (
          <button
            key={example.id}
            type="button"
            title={example.title}
            aria-pressed={example.id === shown}
            onClick={() => choose(example)}
            onPointerEnter={() => void queries.prefetchQuery(exampleQuery(example))}
            className={clsx(
              'h-[26px] shrink-0 rounded-full border px-2.5 -outline-offset-2 transition-colors pointer-coarse:h-9 short:px-2',
              example.id === shown ? 'border-ink text-ink' : 'border-line text-mut hover:border-edge hover:text-ink',
            )}
          >
            {categoryNames[example.category] ?? example.category}
          </button>
        ))}
      </div>
    </div>
  );
}
