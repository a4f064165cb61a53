'use client';
import { useMemo } from 'react';
import type { Side } from '@/lib/domain';
import { contours } from '@/lib/measures';
import { useBench, useServedPicture } from '@/lib/state';
import { framedSteps } from '@/lib/state/bench';
import { publicPath } from '@/lib/state/page';

const stroke = { a: '#2456d6', b: '#b4520c' } as const;

/** A side's picture with its marks as the page was served with them: they stand before any script has run, and without scripts. */
export function ServedPicture({ side }: { readonly side: Side }) {
  const path = useServedPicture(side);
  const frame = useBench((state) => state.frame);
  const drawn = useBench((state) => state.drawn);
  const status = useBench((state) => state.status);
  const showsMarks = useBench((state) => state.showsMarks);
  const marks = useMemo(() => {
    if (frame === null) return null;
    const { a, b } = frame.tokens;
    const differing = Array.from(a.keys()).filter((step) => a[step] !== b[step]);
    const line = contours(differing, frame.grid)
      .map((corners) => `M${corners.map(([x, y]) => `${x} ${y}`).join('L')}Z`)
      .join('');
    return { line, framed: framedSteps({ frame, drawn, status }) };
  }, [frame, drawn, status]);
  if (path === null || frame === null || marks === null) return null;
  const { columns, rows } = frame.grid;
  return (
    <span data-served className="absolute inset-0">
      {/* A small file of this site's own: there is nothing to optimise. */}
      <img
        src={publicPath(path)}
        alt={`Picture ${side.toUpperCase()}: ${frame.prompts[side]}`}
        fetchPriority="high"
        width={144}
        height={144}
        className="size-full"
      />
      <svg
        aria-hidden
        visibility={showsMarks ? 'visible' : 'hidden'}
        viewBox={`0 0 ${columns} ${rows}`}
        fill="none"
        className="absolute inset-0 size-full"
      >
        {(['#fff', stroke[side]] as const).map((colour, i) => (
          <path
            key={colour}
            d={marks.line}
            stroke={colour}
            strokeWidth={i === 0 ? 3.75 : 2}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {marks.framed.flatMap((step) =>
          (['#fff', '#8a1f6d'] as const).map((colour, i) => (
            <rect
              key={`${step} ${colour}`}
              x={(step % columns) - 0.035}
              y={Math.floor(step / columns) - 0.035}
              width={1.07}
              height={1.07}
              rx={0.09}
              stroke={colour}
              strokeWidth={i === 0 ? 5.25 : 3.5}
              vectorEffect="non-scaling-stroke"
            />
          )),
        )}
      </svg>
    </span>
  );
}
