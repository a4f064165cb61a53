import type { Pair } from '@/lib/domain';
import type { EngineInfo, LoadProgress, RerunReport } from '@/lib/engine';
import type { ProviderChoice } from '@/lib/state/models';
import type { SettingsDraft } from './settings-text';

/** One clear sentence, and at most one way on. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface ModelState {
  readonly phase: 'cold' | 'loading' | 'ready' | 'failed';
  readonly choice: ProviderChoice;
  readonly progress: LoadProgress | null;
  /** Estimated from the bytes so far; null while there is nothing to estimate from. */
  readonly secondsLeft: number | null;
  readonly info: EngineInfo | null;
  /** Image tokens a second, both sides together, of the last live draw. */
  readonly tokensPerSecond: number | null;
  /** Why the last load failed. */
  readonly problem: string | null;
  /** Why the model runs elsewhere than on WebGPU, when nobody asked for that. */
  readonly remark: string | null;
}

/** What shows the tokens on screen as pixels. */
export interface PicturesState {
  readonly phase: 'idle' | 'loading' | 'failed';
  readonly progress: LoadProgress | null;
}

/** This machine's replay of somebody else's tokens. */
export interface RerunState {
  readonly phase: 'loading' | 'running' | 'done';
  /** The frame that is replayed. */
  readonly frameKey: string;
  readonly steps: number;
  readonly total: number;
  /** There as soon as the replay is done. */
  readonly report: RerunReport | null;
  /** Whether numbers that the comparison did not carry were filled in from the replay. */
  readonly filledIn: boolean;
}

/** Where the comparison on screen was taken from, for its mark. */
export type Source =
  | { readonly kind: 'example'; readonly id: string; readonly title: string }
  | { readonly kind: 'link' }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'drawn' };

export interface SessionState {
  /** As typed; the prompts of what is on screen are the frame's. */
  readonly prompts: Pair<string>;
  readonly settings: SettingsDraft;
  readonly model: ModelState;
  readonly pictures: PicturesState;
  readonly source: Source | null;
  readonly rerun: RerunState | null;
  readonly notices: readonly Notice[];
  /** What the last undoable act was, e.g. `Run`; null when there is nothing to undo. */
  readonly undoable: string | null;
  /** Spoken by screen readers, politely. */
  readonly announcement: string;
  /** The address holds a comparison that cannot be read: it is shown in place of any other. */
  readonly unreadable: UnreadableLink | null;
}

export interface UnreadableLink {
  /** What is wrong with it, and what to do. */
  readonly message: string;
  readonly hint: string;
  readonly address: string;
}
