import { PairCompError } from '@/lib/domain';
import type { JudgeId } from '@/lib/judge';
import type { Draw, Judged, Run } from '@/lib/paircomp';

/** What one tab did to the runs that this browser keeps. */
export type RunNews =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'draw'; readonly id: string; readonly draw: Draw }
  | {
      readonly kind: 'scores';
      readonly id: string;
      readonly judged: readonly Judged[];
      /** The judge whose earlier scores these take the place of; null where they are further ones. */
      readonly replaced: JudgeId | null;
    }
  | { readonly kind: 'removed'; readonly id: string };

/** What the tabs of this page arrange among themselves, so that a run is changed by one of them at a time and seen by all. */
export interface RunTabs {
  /** Holds a run while the work goes on; null, without working, where another tab holds it. */
  readonly alone: <T>(id: string, work: () => Promise<T>) => Promise<T | null>;
  /** Whether any tab, this one too, holds the run. */
  readonly isHeld: (id: string) => Promise<boolean>;
  /** Settles once no tab holds the run: also when the tab that did is closed or killed. */
  readonly whenFree: (id: string) => Promise<void>;
  readonly tell: (news: RunNews) => void;
  /** Hears what other tabs tell. */
  readonly listen: (hear: (news: RunNews) => void) => void;
}

/** Holds a run while the work on it goes on. @throws PairCompError where another tab holds it */
export const heldAlone = async <T>({ alone }: RunTabs, id: string, work: () => Promise<T>): Promise<T> => {
  const done = await alone(id, async () => ({ value: await work() }));
  if (done === null)
    throw new PairCompError(
      'Another tab is drawing this run. Watch it here, or pause it there first; what is finished is kept.',
    );
  return done.value;
};

const lockName = (id: string): string => `pairscope-paircomp ${id}`;

/** Web Locks and a broadcast channel. A browser without them cannot tell its tabs apart: each works by itself. */
export const browserTabs = (): RunTabs => {
  const locks = (): LockManager | undefined => navigator.locks;
  let opened: BroadcastChannel | null = null;
  const channel = (): BroadcastChannel | null =>
    typeof BroadcastChannel === 'undefined' ? null : (opened ??= new BroadcastChannel('pairscope-paircomp'));
  return {
    alone: async (id, work) => {
      const manager = locks();
      if (manager === undefined) return work();
      return manager.request(lockName(id), { ifAvailable: true }, (lock) => (lock === null ? null : work()));
    },
    isHeld: async (id) => ((await locks()?.query())?.held ?? []).some(({ name }) => name === lockName(id)),
    whenFree: async (id) => locks()?.request(lockName(id), { mode: 'shared' }, () => undefined),
    tell: (news) => channel()?.postMessage(news),
    listen: (hear) => channel()?.addEventListener('message', ({ data }: MessageEvent<RunNews>) => hear(data)),
  };
};
