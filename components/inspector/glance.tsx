'use client';
import { useBench } from '@/lib/state';
import type { Frame } from '@/lib/state/bench';
import { formatSigned } from './format';
import { Taken } from './taken';

/** The cell that is pointed at, in the few numbers that fit where the figures of the comparison stand. */
export function Glance() {
  const step = useBench((state) => state.hoveredStep);
  const frame = useBench((state) => state.frame);
  const isDrawn = useBench(({ hoveredStep, drawn }) => hoveredStep !== null && hoveredStep < drawn);
  if (frame === null || step === null) return null;
  return (
    <section aria-label="Inspector" className="grid gap-1 px-3 py-1.5">
      <p className="text-mut @[240px]:truncate">
        <b className="font-semibold text-ink">
          Row {Math.floor(step / frame.grid.columns)}, column {step % frame.grid.columns}
        </b>{' '}
        · step {step}
        {isDrawn && <Scores frame={frame} step={step} />}
      </p>
      {isDrawn ? (
        <div className="grid gap-2 @[240px]:grid-cols-2">
          {(['a', 'b'] as const).map((side) => (
            <Taken
              key={side}
              side={side}
              token={frame.tokens[side][step] ?? -1}
              frame={frame}
              step={step}
              className="py-0.5"
            />
          ))}
        </div>
      ) : (
        <p className="text-mut">This cell is not drawn yet.</p>
      )}
    </section>
  );
}

function Scores({ frame, step }: { readonly frame: Frame; readonly step: number }) {
  const scores = frame.trace.crossScoreBits;
  if (scores === undefined) return null;
  return (
    <span title="Cross score of A and of B, in bits">
      {' '}
      · <span className="num">{formatSigned(scores.a[step], 1)}</span> ·{' '}
      <span className="num">{formatSigned(scores.b[step], 1)}</span> bits
    </span>
  );
}
