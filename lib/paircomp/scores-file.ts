import { counted, listed, PairCompError } from '@/lib/domain';
import { parsePictureName, type PictureId } from './names';
import type { PromptPair } from './pairs';
import type { ScoredPair } from './scores';

/** One score of the authors' scores file. */
interface Entry {
  readonly pair_idx: number;
  readonly prompt_idx: number;
  readonly image_idx: number;
  readonly score: number;
}

export interface ScoresFile {
  /** Pairs with all their scores, in the order of the pairs. */
  readonly scored: readonly ScoredPair[];
  /** One sentence for each thing that is missing or left out. */
  readonly problems: readonly string[];
}

export interface ScoresShape {
  /** Pictures for each prompt; the paper's protocol has two, so four scores a pair. */
  readonly images: number;
}

const PAPER: ScoresShape = { images: 2 };

/** Python writes numbers that JSON does not have. */
const withoutNaN = (text: string) => text.replace(/(:\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g, '$1null');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The scores of one pair in their order, or why they cannot be used, after "Pair 3". */
function readPair(index: number, list: unknown, { images }: ScoresShape): readonly number[] | string {
  if (!Array.isArray(list)) return 'has no list of scores.';
  const expected = 2 * images;
  if (list.length !== expected) return `has ${counted(list.length, 'score')} instead of ${expected}.`;
  const scores = new Array<number | null>(expected).fill(null);
  for (const entry of list as unknown[]) {
    if (!isRecord(entry)) return 'has a score that is not {pair_idx, prompt_idx, image_idx, score}.';
    const { pair_idx, prompt_idx, image_idx, score } = entry as Partial<Record<keyof Entry, unknown>>;
    if (pair_idx !== index) return `holds a score of pair ${String(pair_idx)}.`;
    const { prompt, image } = parsePictureName(`0_${String(prompt_idx)}_${String(image_idx)}.png`) ?? {
      prompt: -1,
      image: -1,
    };
    if (prompt < 0 || image >= images)
      return `has a score for picture ${String(image_idx)} of prompt ${String(prompt_idx)}, which there is not.`;
    const place = prompt * images + image;
    if (scores[place] !== null) return `has two scores for picture ${image} of prompt ${prompt}.`;
    if (typeof score !== 'number' || !Number.isFinite(score)) return 'has a score that is not a number.';
    if (score < 0 || score > 1) return `has a score of ${score}, outside 0 to 1.`;
    scores[place] = score;
  }
  return scores.map((score) => score ?? 0);
}

/**
 * Reads a scores file in the authors' form, for these pairs: a JSON object, keyed by the pair's index, each a list of
 * `{pair_idx, prompt_idx, image_idx, score}`. Pairs whose scores cannot be used are left out and named.
 * @throws PairCompError where it is none, or belongs to other pairs
 */
export function parseScores(text: string, pairs: readonly PromptPair[], shape: ScoresShape = PAPER): ScoresFile {
  let json: unknown;
  try {
    json = JSON.parse(withoutNaN(text.replace(/^\uFEFF/, '')));
  } catch {
    throw new PairCompError('The scores file is not JSON.');
  }
  if (!isRecord(json)) throw new PairCompError('The scores file is not a JSON object keyed by pair index.');
  const byIndex = new Map(pairs.map((pair) => [pair.index, pair]));
  const keys = Object.keys(json);
  if (keys.length === 0) throw new PairCompError('The scores file is empty.');
  const odd = keys.find((key) => !/^(0|[1-9]\d{0,6})$/.test(key));
  if (odd !== undefined)
    throw new PairCompError(`The scores file has the key "${odd.slice(0, 40)}", which is no pair index.`);
  const unknown = keys.map(Number).filter((index) => !byIndex.has(index));
  if (unknown.length > 0) {
    throw new PairCompError(
      `The scores file belongs to other pairs: it scores ${unknown.length === 1 ? 'pair' : 'pairs'} ${listed(unknown)}, which ${unknown.length === 1 ? 'is' : 'are'} not among these.`,
    );
  }
  const scored: ScoredPair[] = [];
  const problems: string[] = [];
  const missing: number[] = [];
  for (const { index, category } of pairs) {
    if (!Object.hasOwn(json, String(index))) {
      missing.push(index);
      continue;
    }
    const scores = readPair(index, json[String(index)], shape);
    if (typeof scores === 'string') problems.push(`Pair ${index} ${scores}`);
    else scored.push({ index, category, scores });
  }
  if (missing.length > 0)
    problems.push(
      `${missing.length === 1 ? 'One pair has' : `${missing.length.toLocaleString('en')} pairs have`} no scores: ${listed(missing)}.`,
    );
  if (scored.length === 0)
    throw new PairCompError(`The scores file has no usable scores: ${problems[0]?.replace(/^Pair/, 'pair') ?? ''}`);
  return { scored, problems };
}

/** As Python's `round(score, 4)`. */
const rounded = (score: number) => Number(score.toFixed(4));

/** The authors' scores file of scored pairs, 4 decimals. Pairs without all their scores have no place in it. */
export function formatScores(pairs: readonly ScoredPair[], { images }: ScoresShape = PAPER): string {
  const entries = (pair: ScoredPair): Entry[] =>
    pair.scores.map((score, place) => ({
      pair_idx: pair.index,
      prompt_idx: Math.floor(place / images),
      image_idx: place % images,
      score: rounded(score),
    }));
  return `${JSON.stringify(Object.fromEntries(pairs.map((pair) => [String(pair.index), entries(pair)])), null, 4)}\n`;
}

/** The place of a picture's score among its pair's scores. */
export const scorePlace = ({ prompt, image }: Pick<PictureId, 'prompt' | 'image'>, { images }: ScoresShape): number =>
  prompt * images + image;
