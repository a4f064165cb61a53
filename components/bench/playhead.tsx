'use client';
import clsx from 'clsx';
import { useRef } from 'react';
import { CHART_MARGIN } from '@/components/charts/chart-geometry';
import { usePaint } from '@/components/token-grid/use-paint';
import { useBench, useBenchActions } from '@/lib/state';

const THUMB_PX = 14;
/** A thumb's centre stops half a thumb before the ends of its track. */
const beyondPlot = { left: CHART_MARGIN.left - THUMB_PX / 2, right: CHART_MARGIN.right - THUMB_PX / 2 };

/** The slider of the playhead, along the top of the step chart: its thumb is the head of the chart's line. */
export function Playhead() {
  const actions = useBenchActions();
  const isEmpty = useBench((state) => state.drawn === 0);
  const total = useBench((state) => (state.frame === null ? 0 : state.frame.grid.rows * state.frame.grid.columns));
  const slider = useRef<HTMLInputElement>(null);
  const repaint = usePaint(({ revealed, drawn }) => {
    const range = slider.current;
    if (!range) return;
    range.max = String(total);
    range.value = String(revealed);
    const share = (steps: number) => `${total === 0 ? 0 : (steps / total) * 100}%`;
    range.style.setProperty('--shown', share(revealed));
    range.style.setProperty('--drawn', share(drawn));
    range.setAttribute('aria-valuetext', `${revealed} of ${total} tokens shown`);
  });
  return (
    <input
      ref={slider}
      type="range"
      min={0}
      defaultValue={0}
      disabled={isEmpty}
      aria-label="Playhead"
      onInput={(event) => {
        actions.reveal(event.currentTarget.valueAsNumber);
        // Steps that are not drawn yet cannot be shown: the thumb goes back.
        repaint();
      }}
      style={beyondPlot}
      className={clsx(
        'absolute -top-2 h-6 cursor-pointer appearance-none bg-transparent disabled:cursor-default disabled:opacity-50 pointer-coarse:-top-3 pointer-coarse:h-8',
        '[&::-webkit-slider-runnable-track]:h-[2px] [&::-webkit-slider-runnable-track]:rounded-full',
        '[&::-webkit-slider-runnable-track]:bg-[linear-gradient(to_right,var(--mut)_var(--shown),var(--edge)_var(--shown)_var(--drawn),var(--line)_var(--drawn))]',
        '[&::-webkit-slider-thumb]:-mt-[6px] [&::-webkit-slider-thumb]:size-3.5 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-ink [&::-webkit-slider-thumb]:bg-panel',
        '[&::-moz-range-track]:h-[2px] [&::-moz-range-track]:rounded-full',
        '[&::-moz-range-track]:bg-[linear-gradient(to_right,var(--mut)_var(--shown),var(--edge)_var(--shown)_var(--drawn),var(--line)_var(--drawn))]',
        '[&::-moz-range-thumb]:size-2.5 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-2 [&::-moz-range-thumb]:border-ink [&::-moz-range-thumb]:bg-panel',
      )}
    />
  );
}
