import { type DecodedImage, PairCompError } from '@/lib/domain';

/** Who gave a score. Scores of different judges, or of different versions of one, are never put together. */
export interface JudgeId {
  readonly id: string;
  readonly version: string;
}

/** A finished picture, as judges look at it: some read tokens, others pixels, which are decoded only when asked for. */
export interface JudgedPicture {
  readonly tokens: Int32Array;
  readonly pixels: () => Promise<DecodedImage>;
}

/** S(I, T) = P(yes) / (P(yes) + P(no)), 0..1; or, in a sentence, why there is none. */
export type Score = { readonly score: number } | { readonly unscored: string };

/** Says how well a picture fits a caption. */
export interface PairCompJudge {
  readonly title: string;
  /** Asks once for an answer, so that the version is known; throws when the judge cannot be had. */
  identify(signal?: AbortSignal): Promise<JudgeId>;
  score(picture: JudgedPicture, caption: string, signal?: AbortSignal): Promise<Score>;
}

export const sameJudge = (one: JudgeId, other: JudgeId): boolean =>
  one.id === other.id && one.version === other.version;

/** @throws PairCompError when the results are of more than one judge */
export function assertOneJudge(judges: Iterable<JudgeId>): void {
  let first: JudgeId | null = null;
  for (const judge of judges) {
    first ??= judge;
    if (!sameJudge(first, judge)) {
      throw new PairCompError(
        `Scores of ${first.id} ${first.version} and of ${judge.id} ${judge.version} are not put together.`,
      );
    }
  }
}

/** The question of the benchmark, with the caption in it. */
export const question = (caption: string): string =>
  `Does this image match the description "${caption}"? Please directly respond with yes or no.`;

const YES = ['yes', 'Yes', 'YES'];
const NO = ['no', 'No', 'NO'];

/** The words whose probabilities a score is made of. */
export const YES_NO: readonly string[] = [...YES, ...NO];

/** S from the probabilities of first tokens by their text, leading space aside; null where neither yes nor no has any. */
export function scoreOfFirstTokens(
  probabilities: Iterable<readonly [token: string, probability: number]>,
): number | null {
  let yes = 0;
  let no = 0;
  for (const [token, probability] of probabilities) {
    if (!Number.isFinite(probability) || probability < 0) return null;
    const word = token.replace(/^[ \u2581\u0120]/, '');
    if (YES.includes(word)) yes += probability;
    else if (NO.includes(word)) no += probability;
  }
  return yes + no > 0 ? yes / (yes + no) : null;
}
