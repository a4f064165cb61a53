import type { SamplingSettings } from '@/lib/domain';
import type { DrawRequest } from '@/lib/engine';
import type { Score } from '@/lib/judge';
import type { PictureId } from './names';
import type { PromptPair } from './pairs';
import type { ScoredPair } from './scores';
import { drawSeed } from './seeds';

/** One use of the engine: one picture for each of a pair's prompts. */
export interface DrawId {
  readonly pair: number;
  readonly image: number;
}

export const drawKey = ({ pair, image }: DrawId): string => `${pair}_${image}`;

/** How a pair's pictures are drawn; `settings.seed` is the run's. */
export const drawRequest = (
  { index, captions }: PromptPair,
  image: number,
  settings: SamplingSettings,
): DrawRequest => ({
  prompts: { a: captions[0], b: captions[1] },
  settings: { ...settings, seed: drawSeed(settings.seed, index, image) },
  // Prompt divergence and cross scores are no part of the benchmark; leaving them out halves the time of guided draws and changes no token.
  crossLanes: false,
});

/** The paper's protocol: every picture has noise of its own. */
export const protocolSettings = (defaults: SamplingSettings): SamplingSettings => ({
  ...defaults,
  coupling: 'independent',
});

export interface Tally {
  /** Pairs with all their scores. */
  readonly scored: readonly ScoredPair[];
  /** Pictures that the judge looked at without giving a score. */
  readonly unscored: number;
  /** Pairs that have no place in the means because of such pictures. */
  readonly unscoredPairs: number;
  /** Why the first of them has none; null where all have one. */
  readonly reason: string | null;
}

/** Puts the scores of pictures together into scored pairs. A picture that was not judged yet has no score. */
export function tally(
  pairs: Iterable<PromptPair>,
  images: number,
  scoreOf: (picture: PictureId) => Score | undefined,
): Tally {
  const scored: ScoredPair[] = [];
  let unscored = 0;
  let unscoredPairs = 0;
  let reason: string | null = null;
  for (const { index, category } of pairs) {
    const scores: number[] = [];
    let without = 0;
    for (const prompt of [0, 1]) {
      for (let image = 0; image < images; image++) {
        const score = scoreOf({ pair: index, prompt, image });
        if (score === undefined) continue;
        if ('score' in score) scores.push(score.score);
        else {
          without++;
          reason ??= score.unscored;
        }
      }
    }
    unscored += without;
    if (without > 0) unscoredPairs++;
    if (scores.length === 2 * images) scored.push({ index, category, scores });
  }
  return { scored, unscored, unscoredPairs, reason };
}
