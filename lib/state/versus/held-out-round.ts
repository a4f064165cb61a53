import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { DecodedImage, Pair, SamplingSettings } from '@/lib/domain';
import { drawRequest, pickOneOfEach, type PromptPair } from '@/lib/paircomp';
import type { Frame } from '@/lib/state/bench';
import { problemOf } from '@/lib/state/page';
import type { Judged, PairDrawer } from './pair-drawer';

/** One pair as one model drew it. */
export interface Drawn {
  readonly frame: Frame | null;
  readonly drawn: number;
  readonly images: Pair<DecodedImage> | null;
  /** Undefined while nobody has judged, null where nobody can. */
  readonly judged: Judged | null | undefined;
}

export interface RoundState {
  /** What the pairs and their noise follow from; null before the first round. */
  readonly seed: number | null;
  readonly pairs: readonly PromptPair[];
  /** By model, then by the pair's index. */
  readonly results: Readonly<Record<string, Readonly<Record<number, Drawn>>>>;
  /** The model that draws just now. */
  readonly drawing: string | null;
  readonly problem: string | null;
}

/** Held-out pairs, one of each category, drawn and judged live: random, not chosen. */
export interface HeldOutRound {
  readonly store: StoreApi<RoundState>;
  /** Picks other pairs, and draws them. */
  readonly pickAndDraw: (folder: string, settings: SamplingSettings, seed: number) => Promise<void>;
  /** Draws what is missing of the same pairs on a model. */
  readonly draw: (folder: string, settings: SamplingSettings) => Promise<void>;
  readonly stop: () => void;
}

const ARRIVALS_MS = 120;

const nothing: Drawn = { frame: null, drawn: 0, images: null, judged: undefined };

export const createHeldOutRound = (
  pairDrawer: PairDrawer,
  fetchPairs: () => Promise<readonly PromptPair[]>,
): HeldOutRound => {
  const store = createStore<RoundState>()(() => ({ seed: null, pairs: [], results: {}, drawing: null, problem: null }));
  let active: AbortController | null = null;

  const put = (own: AbortController, folder: string, pair: number, change: Partial<Drawn>): void => {
    if (active !== own) return;
    store.setState(({ results }) => {
      const of = results[folder] ?? {};
      return { results: { ...results, [folder]: { ...of, [pair]: { ...(of[pair] ?? nothing), ...change } } } };
    });
  };

  const run = async (folder: string, work: (own: AbortController) => Promise<void>): Promise<void> => {
    active?.abort();
    const own = new AbortController();
    active = own;
    store.setState({ drawing: folder, problem: null });
    let problem: string | null = null;
    try {
      await work(own);
    } catch (error) {
      problem = own.signal.aborted ? null : problemOf(error);
    }
    if (active !== own) return;
    active = null;
    store.setState({ drawing: null, problem });
  };

  const drawAll = async (own: AbortController, folder: string, settings: SamplingSettings): Promise<void> => {
    const { pairs, seed } = store.getState();
    for (const pair of pairs) {
      if (store.getState().results[folder]?.[pair.index]?.judged !== undefined) continue;
      const request = drawRequest(pair, 0, { ...settings, seed: seed ?? 0 });
      let toldMs = -Infinity;
      const frame = await pairDrawer.draw(folder, request.prompts, request.settings, {
        signal: own.signal,
        crossLanes: false,
        onStep(part, drawn) {
          if (performance.now() - toldMs < ARRIVALS_MS) return;
          toldMs = performance.now();
          put(own, folder, pair.index, { frame: part, drawn });
        },
      });
      put(own, folder, pair.index, { frame, drawn: frame.grid.rows * frame.grid.columns });
      put(own, folder, pair.index, { images: await pairDrawer.pictures(folder, frame.tokens, own.signal) });
      put(own, folder, pair.index, { judged: await pairDrawer.judge(folder, frame.prompts, frame.tokens, own.signal) });
    }
  };

  return {
    store,
    pickAndDraw: (folder, settings, seed) =>
      run(folder, async (own) => {
        const pairs = pickOneOfEach(await fetchPairs(), seed);
        if (active !== own) return;
        store.setState({ seed, pairs, results: {} });
        await drawAll(own, folder, settings);
      }),
    draw: (folder, settings) => run(folder, (own) => drawAll(own, folder, settings)),
    stop() {
      active?.abort();
      active = null;
      store.setState({ drawing: null });
    },
  };
};
