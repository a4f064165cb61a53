'use client';
import { useMemo, useRef } from 'react';
import { useCodebook } from '@/components/token-grid/codebook';
import { PaintedCanvas } from '@/components/token-grid/painted-canvas';
import { picturePainter } from '@/components/token-grid/paint-picture';
import { usePaint } from '@/components/token-grid/use-paint';
import { useBench, useBenchActions } from '@/lib/state';
import { ServedPicture } from './served-picture';
import wipe from './wipe.module.css';

/** Half the width of the line that is dragged, CSS pixels: a range's thumb stops that far before its ends. */
const HALF_HANDLE = 20;

/** B's picture in A's place: whole while B is held, and right of the line while it is wiped. */
export function BOverA() {
  const wipes = useBench((state) => state.comparing === 'wipe');
  const blinks = useBench((state) => state.blinks);
  const codebook = useCodebook();
  const painter = useMemo(() => picturePainter('b', codebook), [codebook]);
  const layer = useRef<HTMLDivElement>(null);
  usePaint(({ wipeLine, blinks: isWhole }) => {
    if (!layer.current) return;
    const left = `calc(${HALF_HANDLE}px + ${wipeLine} * (100% - ${2 * HALF_HANDLE}px))`;
    layer.current.style.clipPath = isWhole ? 'none' : `inset(0 0 0 ${left})`;
  });
  if (!wipes && !blinks) return null;
  return (
    <div
      ref={layer}
      aria-hidden
      className="pointer-events-none absolute inset-0 bg-panel"
      style={{ clipPath: 'inset(0 0 0 50%)' }}
    >
      <PaintedCanvas painter={painter} />
      <ServedPicture side="b" />
    </div>
  );
}

/** The line that is dragged over both pictures: a slider as high as they are. */
export function WipeHandle() {
  const actions = useBenchActions();
  const wipes = useBench((state) => state.comparing === 'wipe');
  const share = useBench((state) => Math.round(state.wipeLine * 100));
  if (!wipes) return null;
  return (
    <input
      type="range"
      min={0}
      max={100}
      value={share}
      aria-label="Wipe from A to B"
      aria-valuetext={`A up to ${share} % of the width, B from there on`}
      onChange={(event) => actions.setWipeLine(event.currentTarget.valueAsNumber / 100)}
      className={`${wipe.handle} absolute inset-0 z-10 size-full`}
    />
  );
}
