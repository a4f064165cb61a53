import type { Pair } from '@/lib/domain';
import type { JudgeManifest } from '@/lib/models';
import type { Judgement } from './types';

/** Below it the judge takes a picture for wrong rather than right. */
export const RIGHT = 0.5;

/** Which pictures the judge takes for right by their own prompts. */
export type Outcome = 'both' | 'onlyA' | 'onlyB' | 'neither';

/** Of a pair: P(yes) of each picture for each prompt. Null in a column whose prompt cannot be read. */
export interface JudgedPair {
  readonly aForA: number | null;
  readonly aForB: number | null;
  readonly bForA: number | null;
  readonly bForB: number | null;
  /** Null while a prompt cannot be read, and where both prompts are the same. */
  readonly outcome: Outcome | null;
  /** Whether both pictures are right; null like the outcome. */
  readonly controlled: boolean | null;
  /** Why a prompt cannot be read. */
  readonly unreadable: Pair<string | null>;
}

/** What a judge says of the pictures A and B for the prompts A and B. */
export function judgedPair({ captions: [a, b] }: Pick<Judgement, 'captions'>, prompts: Pair<string>): JudgedPair {
  const scores = (caption: typeof a, picture: 0 | 1): number | null =>
    caption && 'scores' in caption ? (caption.scores[picture] ?? null) : null;
  const reason = (caption: typeof a): string | null => (caption && 'unreadable' in caption ? caption.unreadable : null);
  const [aForA, aForB, bForA, bForB] = [scores(a, 0), scores(b, 0), scores(a, 1), scores(b, 1)];
  const isKnown = aForA !== null && aForB !== null && bForA !== null && bForB !== null;
  const outcome = isKnown && prompts.a !== prompts.b ? outcomeOf(aForA, bForB) : null;
  return {
    aForA,
    aForB,
    bForA,
    bForB,
    outcome,
    controlled: outcome === null ? null : outcome === 'both',
    unreadable: { a: reason(a), b: reason(b) },
  };
}

const outcomeOf = (aForA: number, bForB: number): Outcome => {
  const [rightA, rightB] = [aForA > RIGHT, bForB > RIGHT];
  return rightA && rightB ? 'both' : rightA ? 'onlyA' : rightB ? 'onlyB' : 'neither';
};

/** An outcome as a label. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  both: 'both right',
  onlyA: 'only A right',
  onlyB: 'only B right',
  neither: 'neither right',
};

const OUTCOME_SENTENCES: Readonly<Record<Outcome, string>> = {
  both: 'Both pictures are right by their own prompts.',
  onlyA: 'Only picture A is right by its own prompt.',
  onlyB: 'Only picture B is right by its own prompt.',
  neither: 'Neither picture is right by its own prompt.',
};

/** What the numbers say, or why there are none, in a sentence or a few. */
export function verdict(
  { aForA, aForB, bForA, bForB, outcome, unreadable }: JudgedPair,
  prompts: Pair<string>,
): string {
  if (aForA === null || aForB === null || bForA === null || bForB === null) {
    if (unreadable.a === unreadable.b) return `Neither prompt is read. ${unreadable.a ?? ''}`.trim();
    const of = (name: string, reason: string | null): string[] =>
      reason === null ? [] : [`Prompt ${name} is not read. ${reason}`];
    return [...of('A', unreadable.a), ...of('B', unreadable.b)].join(' ');
  }
  if (prompts.a === prompts.b || outcome === null) return 'Both prompts are the same, so there is no pair to judge.';
  const isMixedUp = aForB > RIGHT && bForA > RIGHT && outcome === 'neither';
  if (isMixedUp) return `${OUTCOME_SENTENCES.neither} Each is right by the other prompt: they are mixed up.`;
  const fits = (picture: string, otherPrompt: string, other: number): string[] =>
    other > RIGHT ? [`Picture ${picture} is right by prompt ${otherPrompt} as well.`] : [];
  return [
    OUTCOME_SENTENCES[outcome],
    ...(aForA > RIGHT ? fits('A', 'B', aForB) : []),
    ...(bForB > RIGHT ? fits('B', 'A', bForA) : []),
  ].join(' ');
}

/** The judge that reads a model's codebook, of those that are bundled; null where there is none. */
export const judgeFor = <J extends { readonly manifest: Pick<JudgeManifest, 'codebook'> }>(
  centroidsSha256: string,
  judges: readonly J[],
): J | null => judges.find(({ manifest }) => manifest.codebook.sha256 === centroidsSha256) ?? null;
