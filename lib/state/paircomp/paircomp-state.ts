import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Endpoint } from '@/lib/judge';
import {
  CATEGORIES,
  type Category,
  emptyResults,
  type PromptPair,
  type Results,
  type Run,
  scoreIn,
  tally,
  type Tally,
} from '@/lib/paircomp';
import type { SettingsDraft } from '@/lib/state/bench';
import type { PairsAtHand } from './pair-sources';

/** Who judges: the embedded model's judge, the drawing Janus's own understanding, an endpoint of the person's, or nobody yet. */
export type JudgeChoice = 'own' | 'janus' | 'endpoint' | 'none';

/** What the next run is to be, as it stands in its fields. */
export interface RunForm {
  readonly categories: readonly Category[];
  /** Pairs in all, as typed; empty for all. */
  readonly limit: string;
  readonly images: number;
  readonly seed: string;
  /** Null for the model's own settings, with independent noise. */
  readonly settings: SettingsDraft | null;
  readonly judge: JudgeChoice;
  /** The key lives as long as the page, unless it is to be remembered. */
  readonly endpoint: Endpoint;
  readonly rememberEndpoint: boolean;
}

export interface Progress {
  /** Draws that are done, of all; each is one picture for both prompts of a pair. */
  readonly drawn: number;
  readonly total: number;
  /** Time of a draw with its judging, of the latest ones; null before the first. */
  readonly drawMs: number | null;
}

export interface PaircompState {
  /** Where runs are kept is open. */
  readonly isOpen: boolean;
  /** Whether runs outlast the page. */
  readonly lasting: boolean;
  readonly form: RunForm;
  readonly pairs: PairsAtHand | null;
  readonly fetching: 'built-in' | 'authors' | 'file' | null;
  readonly runs: readonly Run[];
  readonly run: Run | null;
  readonly results: Results;
  /** Counts the changes of `results`, which is filled in place. */
  readonly version: number;
  readonly activity: 'none' | 'preparing' | 'drawing' | 'pausing';
  /** Another tab draws the run on screen. */
  readonly elsewhere: boolean;
  readonly progress: Progress;
  /** What went wrong last, with a way on. */
  readonly problem: string | null;
  /** What was left out of the last file, one sentence each. */
  readonly remarks: readonly string[];
}

export type PaircompStore = StoreApi<PaircompState>;

export const createPaircompStore = (): PaircompStore =>
  createStore<PaircompState>()(() => ({
    isOpen: false,
    lasting: true,
    form: {
      categories: CATEGORIES,
      limit: '60',
      images: 2,
      seed: '7',
      settings: null,
      judge: 'own',
      endpoint: { url: '', model: '', key: '' },
      rememberEndpoint: false,
    },
    pairs: null,
    fetching: null,
    runs: [],
    run: null,
    results: emptyResults(),
    version: 0,
    activity: 'none',
    elsewhere: false,
    progress: { drawn: 0, total: 0, drawMs: null },
    problem: null,
    remarks: [],
  }));

/** The pairs that a run draws, in its order. */
export const chosenPairs = ({ pairs, chosen }: Pick<Run, 'pairs' | 'chosen'>): readonly PromptPair[] =>
  chosen.flatMap((place) => pairs[place] ?? []);

/** Pairs that have a row in the results of a judge: those that are drawn, or, where nothing is, all of the file. */
export const rowPairs = (run: Run): readonly PromptPair[] => (run.chosen.length > 0 ? chosenPairs(run) : run.pairs);

/** What a judge's scores of a run come to. */
export const tallyOf = (run: Run, results: Results, judge: string): Tally =>
  tally(rowPairs(run), run.images, (picture) => scoreIn(results, judge, picture));
