'use client';
import clsx from 'clsx';
import { KIND_SHAPES } from '@/components/token-grid/kind-mark';
import type { Grid } from '@/lib/domain';
import type { TokenDifference } from '@/lib/measures';

/** Side of a cell; marks have a box of 10. */
const CELL = 24;

/** Where two pictures have different tokens, with the marks of the bench. */
export function DifferenceMap({
  label,
  difference,
  grid,
}: {
  readonly label: string;
  readonly difference: TokenDifference | null;
  readonly grid: Grid;
}) {
  const [width, height] = [grid.columns * CELL, grid.rows * CELL];
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      className="aspect-square w-full rounded-md border border-line bg-panel"
    >
      <path
        className="stroke-soft"
        strokeWidth={1.5}
        d={[
          ...Array.from({ length: grid.columns - 1 }, (_, i) => `M${(i + 1) * CELL} 0V${height}`),
          ...Array.from({ length: grid.rows - 1 }, (_, i) => `M0 ${(i + 1) * CELL}H${width}`),
        ].join('')}
      />
      {difference?.kinds.map((kind, step) => {
        if (kind !== 'different' && kind !== 'near') return null;
        const [x, y] = [(step % grid.columns) * CELL, Math.floor(step / grid.columns) * CELL];
        return (
          <g key={step} transform={`translate(${x} ${y})`}>
            <rect width={CELL} height={CELL} className={kind === 'near' ? 'fill-d/45' : 'fill-d'} />
            <path
              d={KIND_SHAPES[kind]}
              transform="translate(4 4)"
              fill="none"
              strokeWidth={2}
              className={clsx(kind === 'near' ? 'stroke-ink' : 'stroke-panel')}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** The same in words. */
export const differenceWords = ({ different, near, firstSplit, kinds }: TokenDifference): string =>
  different === 0
    ? `none of ${kinds.length} tokens differs`
    : `${different} of ${kinds.length} differ${near > 0 ? `, ${near} near` : ''} · split ${firstSplit ?? 0}`;
