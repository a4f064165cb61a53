import clsx from 'clsx';
import { PromptText } from '@/components/ui/prompt-text';
import type { NamedEdit, PromptDiff } from '@/lib/prompts';

const arrow = (edit: NamedEdit): string => (edit.kind === 'swap' ? '⇄' : '→');

/** The edit between the two prompts, by name. */
export function EditChip({ diff, className }: { readonly diff: PromptDiff; readonly className?: string }) {
  const [first] = diff.edits;
  const more = diff.edits.length - 1;
  return (
    <span className={clsx('flex min-w-0 items-center gap-1.5 text-[12.5px]', className)}>
      <span className="text-mut">edit</span>
      {first === undefined ? (
        <span>identical prompts</span>
      ) : (
        <>
          <span className="truncate">{first.label}</span>
          {first.from !== '' && <PromptText className="num min-w-0 truncate text-a">{first.from}</PromptText>}
          {first.from !== '' && first.to !== '' && (
            <span aria-label={first.kind === 'swap' ? 'and' : 'to'}>{arrow(first)}</span>
          )}
          {first.to !== '' && <PromptText className="num min-w-0 truncate text-b">{first.to}</PromptText>}
          {more > 0 && <span className="shrink-0 text-mut">and {more} more</span>}
        </>
      )}
    </span>
  );
}
