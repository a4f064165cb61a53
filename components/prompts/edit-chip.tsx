import clsx from 'clsx';
import { PromptText } from '@/components/ui/prompt-text';
import type { NamedEdit, PromptDiff } from '@/lib/prompts';

const arrow = (edit: NamedEdit): string => (edit.kind === 'swap' ? '⇄' : '→');

/** The edit between the two prompts, by name; it takes a second line before anything of it is cut. */
export function EditChip({ diff, className }: { readonly diff: PromptDiff; readonly className?: string }) {
  const [first] = diff.edits;
  const more = diff.edits.length - 1;
  return (
    <p className={clsx('line-clamp-2 min-w-0 leading-[1.3] wrap-anywhere', className)}>
      <span className="text-mut">edit</span>{' '}
      {first === undefined ? (
        'identical prompts'
      ) : (
        <>
          {first.label} {first.from !== '' && <PromptText className="font-semibold text-a">{first.from}</PromptText>}{' '}
          {first.from !== '' && first.to !== '' && (
            <span aria-label={first.kind === 'swap' ? 'and' : 'to'}>{arrow(first)} </span>
          )}
          {first.to !== '' && <PromptText className="font-semibold text-b">{first.to}</PromptText>}
          {more > 0 && <span className="text-mut"> and {more} more</span>}
        </>
      )}
    </p>
  );
}
