'use client';
import clsx from 'clsx';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatNumber } from '@/components/inspector/format';
import {
  CROSS_SCALE_FLOOR,
  type CrossChoice,
  crossValue,
  type DivergenceChoice,
  valueScale,
} from '@/components/token-grid/difference-values';
import { KindMark } from '@/components/token-grid/kind-mark';
import { FULL_DIFFERENCE } from '@/components/token-grid/use-difference-bitmap';
import { useSettled } from '@/components/token-grid/use-settled';

/** What stands below a view; `isRounded` says that the numbers on screen came with a link. */
export interface LegendProps<Side> {
  readonly side: Side;
  readonly isRounded: boolean;
}

export function CrossLegend({ side, isRounded }: LegendProps<CrossChoice>) {
  return (
    <>
      <CrossScale choice={side} />
      <Basis rounded={isRounded}>guidance-free</Basis>
    </>
  );
}

export function TokensLegend() {
  return (
    <>
      <Kind kind="different">different</Kind>
      <Kind kind="near">near codes</Kind>
      <Kind kind="distribution">same, other distribution</Kind>
    </>
  );
}

export function DivergenceLegend({ side, isRounded }: LegendProps<DivergenceChoice>) {
  const ofPrompts = side !== 'side';
  return (
    <>
      <DivergenceScale ofPrompts={ofPrompts} />
      <Basis rounded={isRounded && ofPrompts}>{ofPrompts ? 'guidance-free' : 'as sampled'}</Basis>
    </>
  );
}

export function JudgeLegend() {
  return <span className="py-1">A small model’s answer, not the truth.</span>;
}

/** What the map's numbers are computed on. */
function Basis({ rounded, children }: { readonly rounded: boolean; readonly children: ReactNode }) {
  return (
    <span
      className="whitespace-nowrap @max-[300px]:sr-only"
      title={rounded ? 'Rounded to 4 bits a step, as a link carries them' : undefined}
    >
      {rounded && (
        <>
          <span aria-hidden>≈ </span>
          <span className="sr-only">rounded, </span>
        </>
      )}
      {children}
    </span>
  );
}

function Kind({
  kind,
  children,
}: {
  readonly kind: 'different' | 'near' | 'distribution';
  readonly children: ReactNode;
}) {
  const fill = { different: 'bg-d text-panel', near: 'bg-d/45 text-ink', distribution: 'bg-d/15 text-ink' }[kind];
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span className={clsx('grid size-4 place-items-center rounded-[3px]', fill)}>
        <KindMark kind={kind} />
      </span>
      {children}
    </span>
  );
}

/** Negative cells are round and positive ones square, in the map as here. */
function CrossScale({ choice }: { readonly choice: CrossChoice }) {
  const select = useMemo(() => {
    const value = crossValue(choice);
    return ({ frame, drawn }: Parameters<Parameters<typeof useSettled>[0]>[0]) =>
      frame === null ? CROSS_SCALE_FLOOR : valueScale(value, frame, drawn, CROSS_SCALE_FLOOR);
  }, [choice]);
  const scale = useSettled(select);
  return (
    <span className="flex items-center gap-1">
      <span className="num">{formatNumber(-scale, 1)}</span>
      <i aria-hidden className="size-2.5 rounded-full bg-neg" />
      <i aria-hidden className="hidden h-1.5 w-8 bg-linear-to-r from-neg via-transparent to-d @[372px]:block" />
      <i aria-hidden className="size-2.5 rounded-[2px] bg-d" />
      <span className="whitespace-nowrap">
        <span className="num">+{formatNumber(scale, 1)}</span> bits
      </span>
    </span>
  );
}

function DivergenceScale({ ofPrompts }: { readonly ofPrompts: boolean }) {
  return (
    <span className="flex items-center gap-1">
      <span className="num">0</span>
      <i
        aria-hidden
        className={clsx(
          'h-2 w-6 rounded-[2px] bg-linear-to-r from-transparent @[340px]:w-10',
          ofPrompts ? 'to-d' : 'to-mut',
        )}
      />
      <span className="num whitespace-nowrap">1 bit</span>
    </span>
  );
}

export function PixelsLegend() {
  return (
    <span className="flex items-center gap-1.5">
      <span className="num">0</span>
      <i aria-hidden className="h-2 w-12 rounded-[2px] bg-linear-to-r from-transparent to-d" />
      <span className="num">{FULL_DIFFERENCE}+</span>
      <span className="truncate">mean channel difference of the pictures</span>
    </span>
  );
}
