import { counted, listed, PairCompError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { parsePictureName, type PictureId } from './names';
import type { PairsFile } from './pairs';
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

/** A number or a text as it stands, cut to a length for messages; anything else by its kind, whatever it says of itself. */
const plain = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value).trim().slice(0, 40) : `(${typeof value})`;

/** A number, also where a spreadsheet made a text of it. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The scores of one pair in their order, or why they cannot be used, after "Pair 3". */
function readPair(index: number, list: unknown, { images }: ScoresShape): readonly number[] | string {
  if (!Array.isArray(list)) return 'has no list of scores.';
  const expected = 2 * images;
  if (list.length !== expected) return `has ${counted(list.length, 'score')} instead of ${expected}.`;
  const scores = new Array<number | null>(expected).fill(null);
  for (const entry of list as unknown[]) {
    if (!isRecord(entry)) return 'has a score that is not {pair_idx, prompt_idx, image_idx, score}.';
    const { pair_idx, prompt_idx, image_idx, score } = entry as Partial<Record<keyof Entry, unknown>>;
    const [pair, ...of] = [pair_idx, prompt_idx, image_idx].map(plain);
    if (pair !== String(index)) return `holds a score of pair ${pair}.`;
    const { prompt, image } = parsePictureName(`0_${of.join('_')}.png`) ?? { prompt: -1, image: -1 };
    if (prompt < 0 || image >= images)
      return `has a score for picture ${of[1]} of prompt ${of[0]}, which there is not.`;
    const place = prompt * images + image;
    if (scores[place] !== null) return `has two scores for picture ${image} of prompt ${prompt}.`;
    const value = numberOf(score);
    if (value === null) return 'has a score that is not a number.';
    if (value < 0 || value > 1) return `has a score of ${value}, outside 0 to 1.`;
    scores[place] = value;
  }
  return scores.map((score) => score ?? 0);
}

/**
 * Reads a scores file in the authors' form, for these pairs: a JSON object, keyed by the pair's index, each a list of
 * `{pair_idx, prompt_idx, image_idx, score}`. Pairs whose scores cannot be used are left out and named, and so are repeated pairs.
 * @throws PairCompError where it is none, or belongs to other pairs
 */
export function parseScores(
  text: string,
  { pairs, repeats = [] }: Pick<PairsFile, 'pairs'> & Partial<PairsFile>,
  shape: ScoresShape = PAPER,
): ScoresFile {
  const parsed = z.parseJson(
    withoutNaN(text),
    z.record(z.string(), z.unknown(), 'is not a JSON object keyed by pair index'),
  );
  if (!parsed.ok) throw new PairCompError(`The scores file ${parsed.error.problem}.`);
  const json = parsed.value;
  const byIndex = new Map(pairs.map((pair) => [pair.index, pair]));
  const keys = Object.keys(json);
  if (keys.length === 0) throw new PairCompError('The scores file is empty.');
  const odd = keys.find((key) => !/^(0|[1-9]\d{0,6})$/.test(key));
  if (odd !== undefined)
    throw new PairCompError(`The scores file has the key "${odd.slice(0, 40)}", which is no pair index.`);
  const repeating = new Set(repeats);
  const indices = keys.map(Number);
  const repeated = indices.filter((index) => repeating.has(index));
  const unknown = indices.filter((index) => !byIndex.has(index) && !repeating.has(index));
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
  if (repeated.length > 0)
    problems.push(
      `${repeated.length === 1 ? 'Pair' : 'Pairs'} ${listed(repeated)} ${repeated.length === 1 ? 'repeats another' : 'repeat others'} and ${repeated.length === 1 ? 'is' : 'are'} not counted.`,
    );
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
