import type { Pair } from '@/lib/domain';
import type { JudgeManifest } from '@/lib/models';
import type { Judgement } from './types';

/** Of a pair: P(yes) of each picture for each prompt. Null in a column whose prompt cannot be read. */
export interface JudgedPair {
  readonly aForA: number | null;
  readonly aForB: number | null;
  readonly bForA: number | null;
  readonly bForB: number | null;
  /** Whether each picture prefers its own prompt; null while a prompt cannot be read. */
  readonly controlled: boolean | null;
  /** Why a prompt cannot be read. */
  readonly unreadable: Pair<string | null>;
}

/** What a judge says of the pictures A and B for the prompts A and B. */
export function judgedPair({ captions: [a, b] }: Pick<Judgement, 'captions'>): JudgedPair {
  const scores = (caption: typeof a, picture: 0 | 1): number | null =>
    caption && 'scores' in caption ? (caption.scores[picture] ?? null) : null;
  const reason = (caption: typeof a): string | null => (caption && 'unreadable' in caption ? caption.unreadable : null);
  const [aForA, aForB, bForA, bForB] = [scores(a, 0), scores(b, 0), scores(a, 1), scores(b, 1)];
  const known = aForA !== null && aForB !== null && bForA !== null && bForB !== null;
  return {
    aForA,
    aForB,
    bForA,
    bForB,
    controlled: known ? aForA > aForB && bForB > bForA : null,
    unreadable: { a: reason(a), b: reason(b) },
  };
}

/** Below it the judge takes a picture for wrong rather than right. */
export const RIGHT = 0.5;

/** What the numbers say, or why there are none, in a sentence or a few. */
export function verdict({ aForA, aForB, bForA, bForB, unreadable }: JudgedPair, prompts: Pair<string>): string {
  if (aForA === null || aForB === null || bForA === null || bForB === null) {
    if (unreadable.a === unreadable.b) return `Neither prompt is read. ${unreadable.a ?? ''}`.trim();
    const of = (name: string, reason: string | null): string[] =>
      reason === null ? [] : [`Prompt ${name} is not read. ${reason}`];
    return [...of('A', unreadable.a), ...of('B', unreadable.b)].join(' ');
  }
  if (prompts.a === prompts.b) return 'Both prompts are the same, so neither picture can prefer its own.';
  if (aForA > aForB && bForB > bForA) {
    const wrong =
      aForA < RIGHT && bForB < RIGHT
        ? 'Neither picture is'
        : aForA < RIGHT
          ? 'Picture A is not'
          : bForB < RIGHT
            ? 'Picture B is not'
            : null;
    return `Each picture prefers its own prompt: controlled.${wrong === null ? '' : ` ${wrong} right by its own prompt, though.`}`;
  }
  if (aForA < aForB && bForB < bForA) return 'Each picture fits the other prompt better: not controlled.';
  const fits = (picture: string, otherPrompt: string, own: number, other: number): string[] => {
    if (own > other) return [];
    return [
      own < other
        ? `picture ${picture} fits prompt ${otherPrompt} better`
        : `picture ${picture} fits both prompts equally`,
    ];
  };
  const failed = [...fits('A', 'B', aForA, aForB), ...fits('B', 'A', bForB, bForA)].join('; ');
  return `${failed.charAt(0).toUpperCase()}${failed.slice(1)}: not controlled.`;
}

/** The judge that reads a model's codebook, of those that are bundled; null where there is none. */
export const judgeFor = <J extends { readonly manifest: Pick<JudgeManifest, 'codebook'> }>(
  centroidsSha256: string,
  judges: readonly J[],
): J | null => judges.find(({ manifest }) => manifest.codebook.sha256 === centroidsSha256) ?? null;
