'use client';
import clsx from 'clsx';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatPercent, formatSeconds, formatSigned } from '@/components/inspector/format';
import { useCodebook } from '@/components/token-grid/codebook';
import { useSettled } from '@/components/token-grid/use-settled';
import { Card } from '@/components/ui/card';
import { summarise } from '@/lib/measures';
import { useBench } from '@/lib/state';

/** Where there is room figures stand two to a row, but for these. */
const wide = '@[330px]:col-span-2';

/** The comparison in a few figures, of the steps drawn so far. */
export function Summary({ className }: { readonly className?: string | undefined }) {
  const frame = useBench((state) => state.frame);
  const drawn = useSettled((state) => state.drawn);
  const elapsedMs = useSettled((state) => state.elapsedMs);
  const codebook = useCodebook();
  const figures = useMemo(
    () => (frame === null ? null : summarise(frame, drawn, { codebook: codebook?.vectors ?? null })),
    [frame, drawn, codebook],
  );
  const about = frame?.trace.precision === 'rounded' ? '≈' : '';

  return (
    <Card
      aria-label="Summary"
      // What does not fit beside the pictures is scrolled to, by keys as well.
      tabIndex={0}
      className={clsx('@container flex min-w-0 flex-col gap-1 px-3.5 py-2 short:py-1.5', className)}
    >
      {frame === null || figures === null ? (
        <p className="text-mut">The figures of a comparison appear here.</p>
      ) : (
        <>
          <dl className="grid grid-cols-1 gap-x-5 gap-y-1 @[330px]:grid-cols-2 short:gap-y-1.5">
            <Figure name="tokens differ">
              {figures.different} of {drawn}
              {figures.near > 0 && (
                <span className="font-normal text-mut @max-[420px]:hidden">, {figures.near} near</span>
              )}
            </Figure>
            <Figure name="first split">{figures.firstSplit === null ? 'none' : `step ${figures.firstSplit}`}</Figure>
            {figures.crossScoreBits !== null && (
              <>
                {figures.deciding !== null && (
                  <Figure
                    className={wide}
                    name={
                      figures.deciding.steps.length === 1
                        ? '1 cell carries'
                        : `${figures.deciding.steps.length} cells carry`
                    }
                    title="The fewest cells that hold 80 % of |cross score| of both sides, from the scores as a link carries them"
                  >
                    {formatPercent(figures.deciding.share)} of |cross score|
                  </Figure>
                )}
                <Figure
                  className={wide}
                  name="cross score A · B"
                  title="Sum over all steps, guidance-free: how much better each picture's tokens fit their own prompt than the other"
                >
                  {about}
                  {formatSigned(figures.crossScoreBits.a, 1)} · {formatSigned(figures.crossScoreBits.b, 1)} bits
                </Figure>
              </>
            )}
            {elapsedMs !== null && elapsedMs > 0 && (
              <Figure
                className={wide}
                name="time · rate"
                title="Time spent drawing, without pauses; tokens of both sides in a second"
              >
                {formatSeconds(elapsedMs)} · {Math.round((2 * drawn) / (elapsedMs / 1000))} tokens/s
              </Figure>
            )}
            <Figure
              name="computed on"
              className={clsx(wide, 'sm:hidden!')}
              title={`${frame.provenance.runtime}, ${frame.provenance.lanes} lanes`}
            >
              {frame.provenance.executionProvider === 'webgpu' ? 'WebGPU' : 'CPU'} · {frame.provenance.weightType}
            </Figure>
          </dl>
          {figures.selfTest !== null && (
            <p
              className={clsx(
                figures.selfTest.kind === 'failed'
                  ? 'text-bad'
                  : figures.selfTest.kind === 'passed'
                    ? 'text-ok'
                    : 'text-mut',
              )}
            >
              {figures.selfTest.text}
            </p>
          )}
        </>
      )}
    </Card>
  );
}

function Figure({
  name,
  title,
  className,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={clsx('items-baseline justify-between gap-2.5 @[200px]:flex', className)} title={title}>
      <dt className="whitespace-nowrap text-mut">{name}</dt>
      <dd className="num font-semibold @[200px]:text-right">{children}</dd>
    </div>
  );
}
