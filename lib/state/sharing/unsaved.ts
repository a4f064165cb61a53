import { type Comparison, parseComparisonJson, toComparisonJson } from '@/lib/comparison';

const KEY = 'pairscope.unsaved';

/** Keeps what was drawn in this tab over a reload or a visit elsewhere; null forgets it. */
export const writeUnsaved = (comparison: Comparison | null): void => {
  try {
    if (comparison === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, toComparisonJson(comparison));
  } catch {
    // Storage is full or forbidden: the drawing lives as long as the page.
  }
};

/** What was drawn in this tab and neither shown as a recording nor replaced, or null. */
export const readUnsaved = (): Comparison | null => {
  try {
    const text = sessionStorage.getItem(KEY);
    const parsed = text === null ? null : parseComparisonJson(text);
    return parsed?.ok === true ? parsed.value : null;
  } catch {
    return null;
  }
};
