import { diffArrays } from 'diff';
import { differInAgreement, differInNumber, isArticle } from './lexicon';
import type { PromptWord } from './prompt-words';

/** Words of A that became words of B; one of them may be empty (insertion, deletion). */
export interface Change {
  readonly a: readonly PromptWord[];
  readonly b: readonly PromptWord[];
  /** Where in the lists of words the change begins. */
  readonly indexA: number;
  readonly indexB: number;
}

/** Bounds of the work: beyond them a stretch of words counts as replaced whole. */
const MAX_EDITS = 150;
const MAX_TABLE = 20_000;

const replaceCost = (a: PromptWord, b: PromptWord): number => {
  if (a.key === b.key) return 0;
  if (isArticle(a.key) && isArticle(b.key)) return 0.3;
  if (differInNumber(a.key, b.key) || differInAgreement(a.key, b.key)) return 0.4;
  return a.subject === b.subject ? (a.subject === 'word' ? 1.2 : 0.9) : 1.7;
};

/** The cheapest word-by-word alignment (Needleman and Wunsch 1970), insertions and deletions costing 1. */
const alignTable = (a: readonly PromptWord[], b: readonly PromptWord[], indexA: number, indexB: number): Change[] => {
  const width = b.length + 1;
  const cost = new Float64Array((a.length + 1) * width);
  const at = (i: number, j: number): number => cost[i * width + j] ?? Infinity;
  for (let i = a.length; i >= 0; i--) {
    for (let j = b.length; j >= 0; j--) {
      const wordA = a[i];
      const wordB = b[j];
      let best = wordA === undefined && wordB === undefined ? 0 : Infinity;
      if (wordA) best = Math.min(best, 1 + at(i + 1, j));
      if (wordB) best = Math.min(best, 1 + at(i, j + 1));
      if (wordA && wordB) best = Math.min(best, replaceCost(wordA, wordB) + at(i + 1, j + 1));
      cost[i * width + j] = best;
    }
  }
  const changes: Change[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const wordA = a[i];
    const wordB = b[j];
    const rest = at(i, j);
    if (wordA && wordB && Math.abs(rest - replaceCost(wordA, wordB) - at(i + 1, j + 1)) < 1e-9) {
      if (wordA.key !== wordB.key) changes.push({ a: [wordA], b: [wordB], indexA: indexA + i, indexB: indexB + j });
      i++;
      j++;
    } else if (wordA && Math.abs(rest - 1 - at(i + 1, j)) < 1e-9) {
      changes.push({ a: [wordA], b: [], indexA: indexA + i, indexB: indexB + j });
      i++;
    } else if (wordB) {
      changes.push({ a: [], b: [wordB], indexA: indexA + i, indexB: indexB + j });
      j++;
    }
  }
  return changes;
};

const alignStretch = (a: readonly PromptWord[], b: readonly PromptWord[], indexA: number, indexB: number): Change[] => {
  if (a.length === 0 && b.length === 0) return [];
  if (a.length === 0 || b.length === 0) return [{ a, b, indexA, indexB }];
  if ((a.length + 1) * (b.length + 1) <= MAX_TABLE) return alignTable(a, b, indexA, indexB);
  return [{ a, b, indexA, indexB }];
};

/** Changes in the order of the prompts. Time is bounded however long and different the prompts are. */
export const alignWords = (a: readonly PromptWord[], b: readonly PromptWord[]): Change[] => {
  let head = 0;
  while (head < a.length && head < b.length && a[head]?.key === b[head]?.key) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail)?.key === b.at(-1 - tail)?.key) tail++;
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  if ((middleA.length + 1) * (middleB.length + 1) <= MAX_TABLE) return alignStretch(middleA, middleB, head, head);

  const parts = diffArrays(
    middleA.map((word) => word.key),
    middleB.map((word) => word.key),
    { maxEditLength: MAX_EDITS },
  );
  if (parts === undefined) return alignStretch(middleA, middleB, head, head);
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  let fromA = 0;
  let fromB = 0;
  const close = (): void => {
    changes.push(...alignStretch(middleA.slice(fromA, i), middleB.slice(fromB, j), head + fromA, head + fromB));
  };
  for (const part of parts) {
    if (part.removed) i += part.count;
    else if (part.added) j += part.count;
    else {
      close();
      fromA = i += part.count;
      fromB = j += part.count;
    }
  }
  close();
  return changes;
};
