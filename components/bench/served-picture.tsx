'use client';
import { PICTURE_MARKS, STROKES } from '@/components/token-grid/cell-marks';
import type { Side } from '@/lib/domain';
import { contours, differingSteps, isEverywhere } from '@/lib/measures';
import { withVisibleMarks } from '@/lib/prompts';
import { useBench, useServedPicture } from '@/lib/state';
import { type Frame, framedSteps } from '@/lib/state/bench';
import { publicPath } from '@/lib/state/page';

/** A side's picture with its marks as the page was served with them: they stand before any script has run, and without scripts. */
export function ServedPicture({ side }: { readonly side: Side }) {
  const path = useServedPicture(side);
  const frame = useBench((state) => state.frame);
  const showsMarks = useBench((state) => state.showsMarks);
  if (path === null || frame === null) return null;
  return (
    <span data-served className="absolute inset-0">
      {/* A small file of this site's own: there is nothing to optimise. */}
      <img
        src={publicPath(path)}
        alt={`Picture ${side.toUpperCase()}: ${withVisibleMarks(frame.prompts[side])}`}
        fetchPriority="high"
        width={144}
        height={144}
        className="size-full"
      />
      {showsMarks && <Marks frame={frame} side={side} />}
    </span>
  );
}

/** The same marks that canvases draw. Apart, because only a page that nobody has drawn on needs them. */
function Marks({ frame, side }: { readonly frame: Frame; readonly side: Side }) {
  const { columns, rows } = frame.grid;
  const cells = differingSteps(frame.tokens);
  const line = isEverywhere(cells.length, columns * rows)
    ? ''
    : contours(cells, frame.grid)
        .map((corners) => `M${corners.map(([x, y]) => `${x} ${y}`).join('L')}Z`)
        .join('');
  const framed = framedSteps({ frame, drawn: columns * rows, status: 'done' });
  const strokes = (colour: string, width: number) => [
    { stroke: PICTURE_MARKS.halo, strokeWidth: width + STROKES.halo },
    { stroke: colour, strokeWidth: width },
  ];
  return (
    <svg aria-hidden viewBox={`0 0 ${columns} ${rows}`} fill="none" className="absolute inset-0 size-full">
      {strokes(PICTURE_MARKS[side], STROKES.contour).map((ink) => (
        <path key={ink.stroke} d={line} {...ink} strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
      ))}
      {framed.flatMap((step) =>
        strokes(PICTURE_MARKS.deciding, STROKES.deciding).map((ink) => (
          <rect
            key={`${step} ${ink.stroke}`}
            x={(step % columns) - 0.035}
            y={Math.floor(step / columns) - 0.035}
            width={1.07}
            height={1.07}
            rx={0.09}
            {...ink}
            vectorEffect="non-scaling-stroke"
          />
        )),
      )}
    </svg>
  );
}
