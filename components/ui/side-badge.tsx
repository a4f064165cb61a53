import clsx from 'clsx';
import type { Side } from '@/lib/domain';

/** The letter of a side on its colour. */
export function SideBadge({ side, className }: { readonly side: Side; readonly className?: string }) {
  return (
    <span
      className={clsx(
        'grid size-5 shrink-0 place-items-center rounded-md text-[13px] leading-none font-bold text-on-mark',
        side === 'a' ? 'bg-a' : 'bg-b',
        className,
      )}
    >
      {side.toUpperCase()}
    </span>
  );
}
