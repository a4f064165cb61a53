import clsx from 'clsx';
import { Fragment } from 'react';
import type { Side } from '@/lib/domain';
import { type PromptSegment, withVisibleMarks } from '@/lib/prompts';

/** A prompt with its changed words underlined in the side's colour. */
export function Highlighted({ side, segments }: { readonly side: Side; readonly segments: readonly PromptSegment[] }) {
  return segments.map(({ start, text, edit }) =>
    edit === null ? (
      <Fragment key={start}>{text}</Fragment>
    ) : (
      // No padding: the words must stay exactly under those of the text field.
      <span
        key={start}
        className={clsx('rounded-[2px] shadow-[inset_0_-2px_0_currentColor]', side === 'a' ? 'text-a' : 'text-b')}
      >
        {text}
      </span>
    ),
  );
}

/** The same as a text to read: what would act on its direction is shown instead, and it acts on nothing around it. */
export function HighlightedText({ side, segments }: Parameters<typeof Highlighted>[0]) {
  return (
    <bdi className="min-w-0 wrap-anywhere">
      <Highlighted side={side} segments={segments.map((each) => ({ ...each, text: withVisibleMarks(each.text) }))} />
    </bdi>
  );
}
