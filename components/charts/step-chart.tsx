'use client';
import clsx from 'clsx';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { describeCell } from '@/components/inspector/describe-cell';
import { cellKindAt } from '@/components/token-grid/cell-kind';
import { useCodebook } from '@/components/token-grid/codebook';
import { usePaint } from '@/components/token-grid/use-paint';
import { useSettled } from '@/components/token-grid/use-settled';
import { firstSplit } from '@/lib/measures';
import { useBench, useBenchStore } from '@/lib/state';
import { activeStep, cursorStart, framedSteps } from '@/lib/state/bench';
import {
  axisSteps,
  barsPath,
  chartBox,
  entropyScale,
  linePath,
  shareY,
  stepAtX,
  stepX,
  ticksPath,
} from './chart-geometry';

/**
 * Prompt divergence and entropy over the steps, A above and B below the ticks where tokens differ. Shares
 * the cursor with the grids. Paths are written on animation frames; React renders axes only.
 */
export function StepChart({ className }: { readonly className?: string }) {
  const store = useBenchStore();
  const codebook = useCodebook();
  const clip = useId();
  const frame = useBench((state) => state.frame);
  const steps = frame === null ? 0 : frame.grid.rows * frame.grid.columns;
  const [size, setSize] = useState({ width: 0, height: 0 });
  const host = useRef<HTMLDivElement>(null);
  const parts = useRef(new Map<string, SVGElement>());
  const painted = useRef<readonly unknown[]>([]);
  const full = useSettled((state) => (state.frame === null ? 2 : entropyScale(state.frame, state.drawn)));
  const sliderValue = useSliderValue(steps);
  const box = chartBox(size.width, size.height, steps);
  const tick = Math.min(1.7, (box.width / Math.max(steps, 1)) * 0.55);

  useEffect(() => {
    if (!host.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.round(entry.contentRect.width), height: Math.round(entry.contentRect.height) });
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);

  usePaint((state) => {
    const { frame: shown, drawn, revealed, hoveredStep, lockedStep } = state;
    const set = (name: string, attribute: string, value: string | number) =>
      parts.current.get(name)?.setAttribute(attribute, String(value));
    const show = (name: string, visible: boolean) => set(name, 'visibility', visible ? 'visible' : 'hidden');
    if (shown === null || size.width === 0) return;
    const shows = [shown, drawn, state.status, size.width, size.height, full, codebook];
    if (shows.some((value, i) => value !== painted.current[i])) {
      painted.current = shows;
      for (const side of ['a', 'b'] as const) {
        const divergence = shown.trace.promptDivergenceBits?.[side];
        const entropy = shown.trace.entropyBits?.[side];
        set(`bars-${side}`, 'd', divergence ? barsPath(box, side, divergence, drawn) : '');
        set(`line-${side}`, 'd', entropy ? linePath(box, side, entropy, drawn, full) : '');
      }
      set(
        'different',
        'd',
        ticksPath(box, drawn, 3.5, (step) => cellKindAt(shown, step, codebook) === 'different'),
      );
      set(
        'near',
        'd',
        ticksPath(box, drawn, 1.5, (step) => cellKindAt(shown, step, codebook) === 'near'),
      );
      const framed = framedSteps(state);
      set('deciding', 'd', framed.map((step) => `M${stepX(box, step).toFixed(1)} 0V${box.height}`).join(''));
      const split = firstSplit(shown.tokens, drawn);
      show('split', split !== null);
      if (split !== null) {
        const x = stepX(box, split);
        const flip = x > size.width - box.right - 96;
        set('split', 'transform', `translate(${x.toFixed(1)} 0)`);
        set('split-text', 'x', flip ? -6 : 6);
        set('split-text', 'text-anchor', flip ? 'end' : 'start');
        const label = parts.current.get('split-text');
        const decides = framed.includes(split);
        if (label) label.textContent = decides ? `${split} decides` : `first split ${split}`;
        label?.classList.toggle('fill-d!', decides);
      }
    }
    const end = box.width - box.right;
    const head = box.left + ((end - box.left) * revealed) / Math.max(steps, 1);
    set('head', 'transform', `translate(${head.toFixed(1)} 0)`);
    set('veil', 'x', head);
    set('veil', 'width', Math.max(0, end - head));
    for (const [name, step] of [
      ['hover', hoveredStep],
      ['lock', lockedStep],
    ] as const) {
      show(name, step !== null);
      if (step !== null) set(name, 'transform', `translate(${stepX(box, step).toFixed(1)} 0)`);
    }
  });

  const part = (name: string) => (element: SVGElement | null) => {
    if (element) parts.current.set(name, element);
    else parts.current.delete(name);
  };

  const stepUnder = (event: { clientX: number; currentTarget: Element }) =>
    stepAtX(box, event.clientX - event.currentTarget.getBoundingClientRect().left);

  const onKeyDown = (event: KeyboardEvent) => {
    const state = store.getState();
    const { lockedStep, actions } = state;
    const at = activeStep(state) ?? cursorStart(state);
    const columns = frame?.grid.columns ?? 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at - 1,
      ArrowUp: at + 1,
      PageUp: at + columns,
      PageDown: at - columns,
      Home: 0,
      End: steps - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) actions.point(target);
    else if (event.key === 'Enter') actions.lock(lockedStep === null ? at : null);
    else if (event.key === 'Escape') {
      actions.lock(null);
      actions.hover(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const top = shareY(box, 'a', 1);
  const bottom = shareY(box, 'b', 1);
  const end = box.width - box.right;

  return (
    <div
      ref={host}
      role="slider"
      aria-label="Step of the chart"
      aria-orientation="horizontal"
      tabIndex={0}
      {...sliderValue}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => store.getState().actions.hover(stepUnder(event))}
      onPointerLeave={() => store.getState().actions.hover(null)}
      onClick={(event) => {
        const { lockedStep, actions } = store.getState();
        const step = stepUnder(event);
        actions.lock(step === lockedStep ? null : step);
      }}
      className={clsx(
        'relative h-[94px] w-full min-w-0 cursor-crosshair touch-pan-y rounded-md short:h-[80px]',
        className,
      )}
    >
      {size.width > 0 && (
        <svg
          width={size.width}
          height={size.height}
          aria-hidden
          className="absolute inset-0 block select-none [&_text]:fill-mut [&_text]:font-mono [&_text]:text-[13px]"
        >
          <clipPath id={clip}>
            <rect x={box.left} y={0} width={Math.max(0, end - box.left)} height={size.height} />
          </clipPath>
          {(['a', 'b'] as const).flatMap((side) =>
            [0, 0.5, 1].map((share) => (
              <line
                key={side + share}
                x1={box.left}
                x2={end}
                y1={shareY(box, side, share)}
                y2={shareY(box, side, share)}
                className="stroke-line"
              />
            )),
          )}
          {(['a', 'b'] as const).map((side) => (
            <g key={side}>
              {frame?.trace.promptDivergenceBits !== undefined && (
                <text x={0} y={shareY(box, side, 1) + (side === 'a' ? 8 : 0)} className="fill-d!">
                  1 bit
                </text>
              )}
              {frame?.trace.entropyBits !== undefined && (
                <text x={size.width} y={shareY(box, side, 1) + (side === 'a' ? 8 : 0)} textAnchor="end">
                  {full} bit{full === 1 ? '' : 's'}
                </text>
              )}
              <text
                x={2}
                y={shareY(box, side, 0.42) + 4}
                className={clsx('font-bold', side === 'a' ? 'fill-a!' : 'fill-b!')}
              >
                {side.toUpperCase()}
              </text>
            </g>
          ))}
          <g clipPath={`url(#${clip})`}>
            {(['a', 'b'] as const).map((side) => (
              <g key={side}>
                <path ref={part(`bars-${side}`)} className="fill-d" fillOpacity={0.82} />
                <path
                  ref={part(`line-${side}`)}
                  fill="none"
                  strokeWidth={1.5}
                  strokeLinejoin="round"
                  className={side === 'a' ? 'stroke-a' : 'stroke-b'}
                />
              </g>
            ))}
            <path ref={part('different')} fill="none" strokeWidth={tick} className="stroke-ink" />
            <path ref={part('near')} fill="none" strokeWidth={tick} className="stroke-mut" />
            <rect ref={part('veil')} y={0} height={size.height - 14} className="fill-panel" fillOpacity={0.72} />
          </g>
          <path ref={part('deciding')} className="stroke-d" strokeWidth={2} />
          <g ref={part('split')} visibility="hidden">
            <line y1={top - 4} y2={bottom} strokeDasharray="2 3" className="stroke-ink" />
            <text
              ref={part('split-text')}
              x={6}
              y={top + 3}
              className="fill-ink!"
              stroke="var(--panel)"
              strokeWidth={3}
              paintOrder="stroke"
            />
          </g>
          <g ref={part('hover')} visibility="hidden">
            <line y1={top - 4} y2={bottom + 2} strokeWidth={1} className="stroke-mut" />
          </g>
          <g ref={part('lock')} visibility="hidden">
            <line y1={top - 4} y2={bottom + 2} strokeWidth={1.5} className="stroke-ink" />
            <path
              d={`M-4 ${(bottom + 7).toFixed(1)}L0 ${(bottom + 1).toFixed(1)}L4 ${(bottom + 7).toFixed(1)}Z`}
              className="fill-ink"
            />
          </g>
          <g ref={part('head')}>
            <line y1={top - 4} y2={bottom + 2} strokeWidth={1.25} className="stroke-ink" />
          </g>
          {frame !== null &&
            axisSteps(box, frame.grid.columns).map((step) => (
              <text key={step} x={stepX(box, step)} y={size.height - 2} textAnchor="middle">
                {step}
              </text>
            ))}
        </svg>
      )}
    </div>
  );
}

/** What the chart says as a slider: the active step, or else the newest one shown. */
const useSliderValue = (steps: number) => {
  const codebook = useCodebook();
  const now = useSettled((state) => activeStep(state) ?? Math.max(state.revealed - 1, 0));
  const text = useSettled((state) =>
    describeCell(codebook)(state, activeStep(state) ?? Math.max(state.revealed - 1, 0)),
  );
  return { 'aria-valuemin': 0, 'aria-valuemax': Math.max(steps - 1, 0), 'aria-valuenow': now, 'aria-valuetext': text };
};

/** What the chart's colours and lines stand for, and what of it this comparison does not have. */
export function StepChartLegend({ className }: { readonly className?: string }) {
  const hasDivergence = useBench((state) => state.frame?.trace.promptDivergenceBits !== undefined);
  const hasEntropy = useBench((state) => state.frame?.trace.entropyBits !== undefined);
  const isEmpty = useBench((state) => state.frame === null);
  const lacks = [...(hasDivergence ? [] : ['prompt divergence']), ...(hasEntropy ? [] : ['entropy'])];
  return (
    <div className={clsx('flex flex-wrap items-center gap-x-3.5 gap-y-0.5 text-[13px] text-mut', className)}>
      {hasDivergence && (
        <span className="flex items-center gap-1.5">
          <i aria-hidden className="size-2.5 rounded-[3px] bg-d" />
          what the prompts change (prompt divergence)
        </span>
      )}
      {hasEntropy && (
        <span className="flex items-center gap-1.5">
          <i aria-hidden className="h-0.5 w-3 bg-a" />
          <i aria-hidden className="h-0.5 w-3 bg-b" />
          entropy, right scale
        </span>
      )}
      <span className="flex items-center gap-1.5">
        <i aria-hidden className="h-2.5 w-0.5 bg-ink" />
        tokens differ
      </span>
      <span className="flex items-center gap-1.5">
        <i aria-hidden className="h-1 w-0.5 bg-mut" />
        near codes
      </span>
      {!isEmpty && lacks.length > 0 && <span>This comparison does not carry {lacks.join(' and ')}.</span>}
    </div>
  );
}
