'use client';
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

/** Steps aside for the chart where both stand in a row too short for all. */
const beyondRoom = '@min-[700px]:@max-[860px]:hidden';

/** Moves the playhead step by step, or replays the drawing; `Playhead` is its slider. */
export function Transport() {
  const store = useBenchStore();
  const actions = useBenchActions();
  const replaying = useBench((state) => state.replaying);
  const speed = useBench((state) => String(state.replaySpeed) as (typeof speeds)[number]['value']);
  const isEmpty = useBench((state) => state.drawn === 0);
  const total = useBench((state) => (state.frame === null ? 0 : state.frame.grid.rows * state.frame.grid.columns));
  const counter = useRef<HTMLOutputElement>(null);
  const back = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const forward = useRef<HTMLButtonElement>(null);
  const last = useRef<HTMLButtonElement>(null);

  usePaint(({ revealed, drawn }) => {
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
    <div role="group" aria-label="Replay" className="contents">
      <span className="flex gap-1.5">
        <Button ref={first} square aria-label="First step" title="First step" onClick={() => actions.reveal(0)}>
          <SkipBack size={13} aria-hidden />
        </Button>
        <Button
          ref={back}
          square
          aria-label="One step back"
          title="One step back"
          className={beyondRoom}
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
          className={beyondRoom}
          onClick={() => actions.reveal(store.getState().revealed + 1)}
        >
          <ChevronRight size={15} aria-hidden />
        </Button>
        <Button
          ref={last}
          square
          aria-label="Last step"
          title="Last step"
          className={beyondRoom}
          onClick={() => actions.reveal(store.getState().drawn)}
        >
          <SkipForward size={13} aria-hidden />
        </Button>
      </span>
      <output
        ref={counter}
        aria-live="off"
        title="Tokens shown of all tokens of the picture"
        className="num order-2 ml-auto min-w-[68px] text-right whitespace-nowrap"
      />
      <Segmented
        label="Replay speed"
        value={speed}
        options={speeds}
        onChange={(value) => actions.setReplaySpeed(speedOf[value])}
        className="order-2"
      />
    </div>
  );
}
