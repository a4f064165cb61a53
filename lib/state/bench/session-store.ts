import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { FIRST_SETTINGS } from '@/lib/domain';
import type { BenchState } from './bench-types';
import type { SessionState } from './session-types';
import { draftOf, parseDraft, sameSettings } from './settings-text';

export type SessionStore = StoreApi<SessionState>;

/** What is typed, what runs where, and what there is to say about it, beginning with `first`. */
export const createSessionStore = (first: Partial<SessionState> = {}): SessionStore =>
  createStore<SessionState>()(() => ({
    prompts: { a: '', b: '' },
    settings: draftOf(FIRST_SETTINGS),
    model: {
      phase: 'cold',
      choice: 'auto',
      progress: null,
      secondsLeft: null,
      info: null,
      tokensPerSecond: null,
      problem: null,
      remark: null,
    },
    pictures: { phase: 'idle', progress: null },
    source: null,
    rerun: null,
    notices: [],
    undoable: null,
    announcement: '',
    unreadable: null,
    ...first,
  }));

/**
 * Whether what is on screen was drawn from something else than what is typed now: pictures and numbers then
 * belong to the previous prompts, until Run.
 */
export const isStale = (
  { frame }: Pick<BenchState, 'frame'>,
  session: Pick<SessionState, 'prompts' | 'settings'>,
): boolean => {
  if (frame === null) return false;
  if (frame.prompts.a !== session.prompts.a || frame.prompts.b !== session.prompts.b) return true;
  const { settings } = parseDraft(session.settings);
  return settings === null || !sameSettings(settings, frame.settings);
};
