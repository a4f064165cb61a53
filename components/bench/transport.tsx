'use client';
import clsx from 'clsx';
import { ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { useRef } from 'react';
import { usePaint } from '@/components/token-grid/use-paint';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { useBench, useBenchActions, useBenchStore } from '@/lib/state';
import type { BenchState } from '@/lib/state/bench';

const speeds = [
  { value: '1', label: '1×' },
  { value: '4', label: '4×' },
  { value: 'max', label: 'max' },
] as const;

const speedOf: Readonly<Record<(typeof speeds)[number]['value'], BenchState['replaySpeed']>> = {
  '1': 1,
  '4': 4,
  max: 'max',
};

/** Moves the playhead: step by step, by slider, or replaying the drawing. */
export function Transport({ className }: { readonly className?: string | undefined }) {
  const store = useBenchStore();
  const actions = useBenchActions();
  const replaying = useBench((state) => state.replaying);
  const speed = useBench((state) => String(state.replaySpeed) as (typeof speeds)[number]['value']);
  const isEmpty = useBench((state) => state.drawn === 0);
  const total = useBench((state) => (state.frame === null ? 0 : state.frame.grid.rows * state.frame.grid.columns));
  const slider = useRef<HTMLInputElement>(null);
  const counter = useRef<HTMLOutputElement>(null);
  const back = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const forward = useRef<HTMLButtonElement>(null);
  const last = useRef<HTMLButtonElement>(null);

  const repaint = usePaint(({ revealed, drawn }) => {
    const range = slider.current;
    if (range) {
      range.max = String(total);
      range.value = String(revealed);
      const share = (steps: number) => `${total === 0 ? 0 : (steps / total) * 100}%`;
      range.style.setProperty('--shown', share(revealed));
      range.style.setProperty('--drawn', share(drawn));
      range.setAttribute('aria-valuetext', `${revealed} of ${total} tokens shown`);
    }
    if (counter.current) counter.current.textContent = `${revealed} / ${total}`;
    for (const [button, disabled] of [
      [first, revealed === 0],
      [back, revealed === 0],
      [forward, revealed >= drawn],
      [last, revealed >= drawn],
    ] as const) {
      if (button.current) button.current.disabled = disabled;
    }
  });

  return (
    <div
      role="group"
      aria-label="Replay"
      className={clsx('@container flex flex-wrap items-center gap-x-2 gap-y-1.5', className)}
    >
      <span className="order-1 flex gap-1.5">
        <Button ref={first} square aria-label="First step" title="First step" onClick={() => actions.reveal(0)}>
          <SkipBack size={13} aria-hidden />
        </Button>
        <Button
          ref={back}
          square
          aria-label="One step back"
          title="One step back"
          onClick={() => actions.reveal(store.getState().revealed - 1)}
        >
          <ChevronLeft size={15} aria-hidden />
        </Button>
        <Button
          disabled={isEmpty}
          onClick={() => (replaying ? actions.stopReplay() : actions.replay())}
          className="w-[84px]"
        >
          {replaying ? <Pause size={13} aria-hidden /> : <Play size={13} aria-hidden />}
          {replaying ? 'Pause' : 'Replay'}
        </Button>
        <Button
          ref={forward}
          square
          aria-label="One step forward"
          title="One step forward"
          onClick={() => actions.reveal(store.getState().revealed + 1)}
        >
          <ChevronRight size={15} aria-hidden />
        </Button>
        <Button
          ref={last}
          square
          aria-label="Last step"
          title="Last step"
          onClick={() => actions.reveal(store.getState().drawn)}
        >
          <SkipForward size={13} aria-hidden />
        </Button>
      </span>
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
        className={clsx(
          'order-3 h-7 min-w-32 flex-1 cursor-pointer @[560px]:order-2 appearance-none bg-transparent disabled:cursor-default disabled:opacity-50',
          '[&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-full',
          '[&::-webkit-slider-runnable-track]:bg-[linear-gradient(to_right,var(--ink)_var(--shown),var(--edge)_var(--shown)_var(--drawn),var(--line)_var(--drawn))]',
          '[&::-webkit-slider-thumb]:-mt-[5px] [&::-webkit-slider-thumb]:size-3.5 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-ink [&::-webkit-slider-thumb]:bg-panel',
          '[&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full',
          '[&::-moz-range-track]:bg-[linear-gradient(to_right,var(--ink)_var(--shown),var(--edge)_var(--shown)_var(--drawn),var(--line)_var(--drawn))]',
          '[&::-moz-range-thumb]:size-2.5 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-2 [&::-moz-range-thumb]:border-ink [&::-moz-range-thumb]:bg-panel',
        )}
      />
      <output
        ref={counter}
        aria-live="off"
        className="num order-2 ml-auto min-w-[68px] text-right whitespace-nowrap @[560px]:order-3 @[560px]:ml-0"
      />
      <Segmented
        label="Replay speed"
        value={speed}
        options={speeds}
        onChange={(value) => actions.setReplaySpeed(speedOf[value])}
        className="order-4 text-[12px]"
      />
    </div>
  );
}
