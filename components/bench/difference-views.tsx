'use client';
import { Scale } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Codebook } from '@/components/token-grid/codebook';
import { crossValue, divergenceValue } from '@/components/token-grid/difference-values';
import {
  crossPainter,
  divergencePainter,
  pixelsPainter,
  tokensPainter,
} from '@/components/token-grid/paint-difference';
import type { Painter } from '@/components/token-grid/paint-input';
import type { Outcome } from '@/lib/judge';
import type { DifferenceView, Frame, ViewSide } from '@/lib/state/bench';
import {
  CrossLegend,
  DivergenceLegend,
  JudgeLegend,
  type LegendProps,
  PixelsLegend,
  TokensLegend,
} from './difference-legends';
import { type JudgeProps, JudgeView, VerdictMark } from './judge-view';

interface PaintProps<Side> {
  readonly side: Side;
  readonly codebook: Codebook | null;
  /** The pictures' difference, where `paintsPictures` asks for it. */
  readonly bitmap: CanvasImageSource | null;
}

interface ShownProps<Side> {
  readonly side: Side;
  readonly frame: Frame;
  readonly hasImages: boolean;
  /** Whether only the decoder of the comparison's model is still there. */
  readonly isArchived: boolean;
}

/** A view that shows the comparison cell by cell. */
interface MapContent<Side> {
  readonly kind: 'map';
  readonly paintsPictures?: true;
  painter(props: PaintProps<Side>): Painter;
  /** What the view cannot show of this comparison, in one sentence; null when it can. */
  missing?(shown: ShownProps<Side>): string | null;
}

/** A view that shows what the model's judge says. */
interface JudgementContent {
  readonly kind: 'judgement';
  readonly Body: (props: JudgeProps) => ReactNode;
}

interface ViewRow<V extends DifferenceView, Side = ViewSide<V>> {
  readonly name: V;
  readonly label: string;
  /** The key that shows it from anywhere on the bench. */
  readonly shortcut: string;
  /** The tab, where it holds more than the label or makes room in a narrow panel. */
  readonly Tab?: (props: { readonly outcome: Outcome | null | undefined }) => ReactNode;
  /** When the view is offered; always, if absent. */
  readonly isOffered?: (conditions: { readonly hasJudge: boolean }) => boolean;
  readonly content: MapContent<Side> | JudgementContent;
  Legend(props: LegendProps<Side>): ReactNode;
  readonly choice?: {
    readonly label: string;
    readonly options: readonly { readonly value: ViewSide<V>; readonly label: string; readonly title: string }[];
  };
}

const cross: ViewRow<'cross'> = {
  name: 'cross',
  label: 'Cross score',
  shortcut: '1',
  // A narrow panel has room for one word.
  Tab: () => (
    <>
      Cross<span className="@max-[310px]:sr-only"> score</span>
    </>
  ),
  content: {
    kind: 'map',
    painter: ({ side }) => crossPainter(crossValue(side)),
    missing: ({ frame }) =>
      frame.trace.crossScoreBits ? null : 'This comparison was drawn without cross lanes, so it has no cross scores.',
  },
  Legend: CrossLegend,
  choice: {
    label: 'Whose cross score',
    options: [
      { value: 'larger', label: 'both', title: 'At each cell, the side whose score is farther from zero' },
      { value: 'a', label: 'A', title: 'A’s tokens: own prompt against B’s' },
      { value: 'b', label: 'B', title: 'B’s tokens: own prompt against A’s' },
    ],
  },
};

const tokens: ViewRow<'tokens'> = {
  name: 'tokens',
  label: 'Tokens',
  shortcut: '2',
  content: { kind: 'map', painter: ({ codebook }) => tokensPainter(codebook) },
  Legend: TokensLegend,
};

const divergence: ViewRow<'divergence'> = {
  name: 'divergence',
  label: 'Divergence',
  shortcut: '3',
  content: {
    kind: 'map',
    painter: ({ side }) => divergencePainter(divergenceValue(side), side !== 'side'),
    missing({ side, frame: { trace }, isArchived }) {
      if (side !== 'side')
        return trace.promptDivergenceBits
          ? null
          : 'This comparison was drawn without cross lanes, so it has no prompt divergence.';
      return trace.divergenceBits
        ? null
        : `A link does not carry side divergence${isArchived ? '.' : '; Rerun here computes it.'}`;
    },
  },
  Legend: DivergenceLegend,
  choice: {
    label: 'Which divergence',
    options: [
      { value: 'promptA', label: 'prompts A', title: 'Prompt divergence: both prompts on A’s history' },
      { value: 'promptB', label: 'B', title: 'Prompt divergence: both prompts on B’s history' },
      { value: 'side', label: 'sides', title: 'Side divergence: each side with its own history' },
    ],
  },
};

const pixels: ViewRow<'pixels'> = {
  name: 'pixels',
  label: 'Pixels',
  shortcut: '4',
  content: {
    kind: 'map',
    paintsPictures: true,
    painter: ({ bitmap }) => pixelsPainter(bitmap),
    missing: ({ hasImages }) =>
      hasImages ? null : 'The pixel difference appears as soon as both pictures are decoded.',
  },
  Legend: PixelsLegend,
};

const judge: ViewRow<'judge'> = {
  name: 'judge',
  label: 'Judge',
  shortcut: '5',
  Tab: ({ outcome }) => (
    <>
      <Scale size={14} aria-hidden className="hidden align-[-2px] @max-[310px]:inline-block" />
      <span className="@max-[310px]:sr-only">Judge</span>
      <VerdictMark outcome={outcome} />
    </>
  ),
  isOffered: ({ hasJudge }) => hasJudge,
  content: { kind: 'judgement', Body: JudgeView },
  Legend: JudgeLegend,
};

/** Any row; `side` is null where there is nothing to choose. */
export type View = ViewRow<DifferenceView, ViewSide | null>;

/** The views of the difference panel in the order of their tabs. A new view is one more row, its name told to the bench. */
export const differencePanelViews: readonly [View, ...View[]] = [cross, tokens, divergence, pixels, judge];
