import clsx from 'clsx';
import type { CellKind } from '@/lib/measures';

/** The same shapes that canvases draw, in a box of 10 by 10. */
export const KIND_SHAPES: Readonly<Record<Exclude<CellKind, 'same'>, string>> = {
  different: 'M1.5 8.5V1.5H8.5',
  near: 'M1 5.8C4 .2 6 9.6 9 4.4',
  distribution: 'M2.5 8.8V5M7 8.8V1.2',
};

/** A kind's mark, for legends; decorative, its name stands beside it. */
export function KindMark({
  kind,
  className,
}: {
  readonly kind: Exclude<CellKind, 'same'>;
  readonly className?: string;
}) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 10 10"
      width={10}
      height={10}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      className={clsx('shrink-0', className)}
    >
      <path d={KIND_SHAPES[kind]} />
    </svg>
  );
}
