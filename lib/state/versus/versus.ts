import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { type Comparison, drawnSteps, type ModelSheet } from '@/lib/comparison';
import type { DecodedImage, Pair, SamplingSettings } from '@/lib/domain';
import { modelFolder } from '@/lib/models';
import { comparisonOf, type Frame, frameOf } from '@/lib/state/bench';
import { problemOf } from '@/lib/state/page';
import type { Judged, PairDrawer } from './pair-drawer';

/** What one model made of the pair. */
export interface VersusRow {
  readonly folder: string;
  /** Null before the first token. Its arrays are filled in place while `drawn` grows. */
  readonly frame: Frame | null;
  readonly drawn: number;
  readonly images: Pair<DecodedImage> | null;
  /** Undefined while nobody has judged, null where nobody can. */
  readonly judged: Judged | null | undefined;
}

export interface VersusState {
  /** Whether the sheet lies over the bench. */
  readonly isOpen: boolean;
  /** The sheet on screen. */
  readonly sheet: {
    readonly prompts: Pair<string>;
    readonly settings: SamplingSettings;
    readonly rows: readonly [VersusRow, VersusRow];
    readonly opened: boolean;
  } | null;
  readonly activity: 'none' | 'drawing';
  /** What went wrong last, with a way on. */
  readonly problem: string | null;
}

export interface VersusInputs {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  readonly folders: readonly [string, string];
}

export interface Versus {
  readonly store: StoreApi<VersusState>;
  readonly open: () => void;
  readonly close: () => void;
  /** Draws the pair on one model, then on the other. */
  readonly start: (inputs: VersusInputs) => Promise<void>;
  /** Ends the drawing; rows that are finished stay. */
  readonly stop: () => void;
  /** Puts a sheet on screen that somebody shared. */
  readonly show: (sheet: ModelSheet) => Promise<void>;
  /** The finished sheet as it is shared; null while a row is missing. */
  readonly shareable: () => ModelSheet | null;
  /** A finished row, for the bench. */
  readonly comparison: (row: 0 | 1) => Comparison | null;
}

const emptyRow = (folder: string): VersusRow => ({ folder, frame: null, drawn: 0, images: null, judged: undefined });

/** How long arrived steps are collected before the page is told. */
const ARRIVALS_MS = 120;

const isWhole = ({ frame, drawn }: VersusRow): boolean =>
  frame !== null && drawn === frame.grid.rows * frame.grid.columns;

/** Model against model: one pair of prompts, two models, the same noise. */
export const createVersus = (pairDrawer: PairDrawer): Versus => {
  const store = createStore<VersusState>()(() => ({ isOpen: false, sheet: null, activity: 'none', problem: null }));
  let active: AbortController | null = null;

  const setRow = (own: AbortController, index: 0 | 1, change: Partial<VersusRow>): void => {
    if (active !== own) return;
    store.setState(({ sheet }) => {
      if (sheet === null) return {};
      const [one, other] = sheet.rows;
      return {
        sheet: { ...sheet, rows: index === 0 ? [{ ...one, ...change }, other] : [one, { ...other, ...change }] },
      };
    });
  };

  /** Pictures and judgement of a finished row. A sheet is one without a judgement, too: its failure is told, and nothing else is lost. */
  const look = async (
    own: AbortController,
    index: 0 | 1,
    folder: string,
    { prompts, tokens }: Pick<Comparison, 'prompts' | 'tokens'>,
  ): Promise<void> => {
    setRow(own, index, { images: await pairDrawer.pictures(folder, tokens, own.signal) });
    if ([tokens.a, tokens.b].some((side) => side.includes(-1))) return;
    setRow(own, index, { judged: await pairDrawer.judge(folder, prompts, tokens, own.signal) });
  };

  const begin = (sheet: NonNullable<VersusState['sheet']>): AbortController => {
    active?.abort();
    const own = new AbortController();
    active = own;
    store.setState({ sheet, activity: 'drawing', problem: null });
    return own;
  };

  const end = (own: AbortController, error: unknown): void => {
    if (active !== own) return;
    active = null;
    store.setState({ activity: 'none', problem: error === null || own.signal.aborted ? null : problemOf(error) });
  };

  const drawRow = async (
    own: AbortController,
    index: 0 | 1,
    { prompts, settings, folders }: VersusInputs,
  ): Promise<void> => {
    const folder = folders[index];
    let toldMs = -Infinity;
    const frame = await pairDrawer.draw(folder, prompts, settings, {
      signal: own.signal,
      crossLanes: true,
      onStep(part, drawn) {
        const now = performance.now();
        if (now - toldMs < ARRIVALS_MS) return;
        toldMs = now;
        setRow(own, index, { frame: part, drawn });
      },
    });
    setRow(own, index, { frame, drawn: frame.grid.rows * frame.grid.columns });
    await look(own, index, folder, frame);
  };

  return {
    store,
    open: () => store.setState({ isOpen: true }),
    close: () => store.setState({ isOpen: false }),

    async start(inputs) {
      const { prompts, settings, folders } = inputs;
      const own = begin({ prompts, settings, rows: [emptyRow(folders[0]), emptyRow(folders[1])], opened: false });
      try {
        await drawRow(own, 0, inputs);
        await drawRow(own, 1, inputs);
        end(own, null);
      } catch (error) {
        end(own, error);
      }
    },

    stop() {
      const own = active;
      active = null;
      own?.abort();
      store.setState({ activity: 'none' });
    },

    async show({ rows }) {
      const [one] = rows;
      const rowOf = (comparison: Comparison): VersusRow => ({
        ...emptyRow(modelFolder(comparison)),
        frame: frameOf(comparison, 'opened'),
        drawn: drawnSteps(comparison.tokens),
      });
      store.setState({ isOpen: true });
      const own = begin({
        prompts: one.prompts,
        settings: one.settings,
        rows: [rowOf(rows[0]), rowOf(rows[1])],
        opened: true,
      });
      let failure: unknown = null;
      for (const index of [0, 1] as const) {
        // One model may be gone while the other is here.
        await look(own, index, modelFolder(rows[index]), rows[index]).catch((error: unknown) => (failure ??= error));
      }
      end(own, failure);
    },

    shareable() {
      const { sheet } = store.getState();
      if (sheet === null) return null;
      const [one, other] = sheet.rows;
      return one.frame && other.frame && isWhole(one) && isWhole(other)
        ? { rows: [comparisonOf(one.frame), comparisonOf(other.frame)] }
        : null;
    },

    comparison(row) {
      const found = store.getState().sheet?.rows[row];
      return found?.frame && isWhole(found) ? comparisonOf(found.frame) : null;
    },
  };
};
