import type { Pair } from '@/lib/domain';
import * as z from '@/lib/schema';
import type { SettingsDraft } from '@/lib/state/bench';

const KEY = 'pairscope.draft';

const draftSchema = z.object({
  prompts: z.object({ a: z.string(), b: z.string() }),
  settings: z.object({
    typed: z.object({
      seed: z.string(),
      guidanceWeight: z.string(),
      temperature: z.string(),
      topK: z.string(),
      topP: z.string(),
      plausibility: z.string(),
    }),
    coupling: z.enum(['coupled', 'independent']),
    greedy: z.boolean(),
  }),
});

export interface Draft {
  readonly prompts: Pair<string>;
  readonly settings: SettingsDraft;
}

/** What was typed in this tab before a reload, or null. Each tab keeps its own. */
export const readDraft = (): Draft | null => {
  try {
    const text = sessionStorage.getItem(KEY);
    if (text === null) return null;
    const parsed = z.parseJson(text, draftSchema);
    return parsed.ok ? parsed.value : null;
  } catch {
    // Storage is forbidden: there is no draft.
    return null;
  }
};

export const writeDraft = (draft: Draft): void => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
};
