import { counted, PairCompError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { type Category, inOrder, isOfPaper, readCategory } from './categories';
import { rowsOfPairs } from './pairs-csv';
import { hashWords } from './random';

/** Two prompts that differ in one fine-grained point. */
export interface PromptPair {
  /** Its place in the file, from 0: X in the names of its pictures, and its key in a scores file. */
  readonly index: number;
  readonly category: Category;
  /** caption1 and caption2. */
  readonly captions: readonly [string, string];
}

export interface PairsFile {
  readonly pairs: readonly PromptPair[];
  /** Places of items that repeat an earlier one: they are not drawn again, but a scores file may hold them. */
  readonly repeats: readonly number[];
  /** Items in the file, unusable ones included. */
  readonly items: number;
  /** One sentence for each item that was left out, and for a file that was not read to its end. */
  readonly problems: readonly string[];
}

/** No more are read: beyond it a run would take weeks, and a page would hold more rows than anybody looks at. */
export const MAX_PAIRS = 20_000;
const MAX_CAPTION = 2_000;
const MAX_CATEGORY = 60;
/** More of them are a column taken for the category by mistake. */
const MAX_OWN_CATEGORIES = 50;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why an item is no pair, after "Item 3"; null where it is one. */
function faultOf(item: unknown): string | null {
  if (!isRecord(item)) return 'is not an object with a category and two captions.';
  for (const field of ['category', 'caption1', 'caption2'] as const) {
    const value = item[field];
    if (value === undefined) return `has no ${field}.`;
    if (typeof value !== 'string') return `has a ${field} that is not a text.`;
    if (value.trim() === '') return `has an empty ${field}.`;
  }
  if (String(item.category).length > MAX_CATEGORY) return `has a category of more than ${MAX_CATEGORY} characters.`;
  const [one, other] = [String(item.caption1), String(item.caption2)];
  if (Math.max(one.length, other.length) > MAX_CAPTION)
    return `has a caption of more than ${MAX_CAPTION.toLocaleString('en')} characters.`;
  if (one.trim() === other.trim()) return 'has the same caption twice, so there is no difference to show.';
  return null;
}

const listSchema = z.array(z.unknown(), 'is not a JSON list of {category, caption1, caption2}');

/** The items of a file: a JSON list, or the rows of a table. */
function itemsOf(text: string): readonly unknown[] {
  const parsed = z.parseJson(text, listSchema);
  if (parsed.ok) return parsed.value;
  if (parsed.error.kind !== 'not-json') throw new PairCompError(`The file of pairs ${parsed.error.problem}.`);
  const rows = rowsOfPairs(text.replace(/^\uFEFF/, ''));
  if (rows === null) throw new PairCompError('The file of pairs is neither JSON nor a CSV table with two captions.');
  return rows;
}

/**
 * Reads a file of pairs: in the authors' form, a JSON list of `{category, caption1, caption2}`, or a CSV table. Items that cannot be used
 * are left out and named; the rest keep their places, and categories of the file's own are counted apart.
 * @throws PairCompError where nothing of it can be used
 */
export function parsePairs(text: string): PairsFile {
  const json = itemsOf(text);
  if (json.length === 0) throw new PairCompError('The file of pairs is empty.');
  const pairs: PromptPair[] = [];
  const problems: string[] = [];
  const repeats: number[] = [];
  const seen = new Map<string, number>();
  const own = new Map<Category, number>();
  if (json.length > MAX_PAIRS)
    problems.push(
      `The file holds ${counted(json.length, 'pair')}; only the first ${MAX_PAIRS.toLocaleString('en')} are used.`,
    );
  for (const [index, item] of json.slice(0, MAX_PAIRS).entries()) {
    const fault = faultOf(item);
    if (fault !== null) {
      problems.push(`Item ${index} ${fault}`);
      continue;
    }
    const { caption1, caption2, ...named } = item as { category: string; caption1: string; caption2: string };
    const category = readCategory(named.category);
    const key = JSON.stringify([category, caption1.trim(), caption2.trim()]);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      problems.push(`Item ${index} repeats item ${earlier}.`);
      repeats.push(index);
      continue;
    }
    if (!isOfPaper(category)) {
      if (!own.has(category) && own.size === MAX_OWN_CATEGORIES) {
        problems.push(`Item ${index} has one more category than the ${MAX_OWN_CATEGORIES} that a file may add.`);
        continue;
      }
      own.set(category, (own.get(category) ?? 0) + 1);
    }
    seen.set(key, index);
    pairs.push({ index, category, captions: [caption1, caption2] });
  }
  if (pairs.length === 0)
    throw new PairCompError(`The file of pairs has no usable pair: ${(problems[0] ?? '').replace(/^Item/, 'item')}`);
  for (const [category, count] of own)
    problems.push(
      `The category "${category}" is none of the paper's six; its ${counted(count, 'pair')} ${count === 1 ? 'is' : 'are'} counted apart.`,
    );
  return { pairs, repeats, items: json.length, problems };
}

/** The text from which pairs are told apart from others: equal for equal pairs at equal places, whatever else a file holds. */
export const pairsText = (pairs: readonly PromptPair[]): string =>
  JSON.stringify(pairs.map(({ index, category, captions }) => [index, category, ...captions]));

export interface Choice {
  /** Null takes all, those of the file's own among them. */
  readonly categories: readonly Category[] | null;
  /** Pairs in all, spread evenly over the categories; null takes all. */
  readonly limit: number | null;
}

/**
 * The pairs of a run in the order in which they are drawn: one of each category in turn, in file order within a category, so that all
 * categories fill at one pace. A larger limit only adds to what a smaller one takes.
 */
export function choosePairs(pairs: readonly PromptPair[], { categories, limit }: Choice): PromptPair[] {
  const queues = inOrder(pairs.map(({ category }) => category))
    .filter((category) => categories === null || categories.includes(category))
    .map((category) => pairs.filter((pair) => pair.category === category));
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  const chosen: PromptPair[] = [];
  for (let round = 0; round < longest; round++) {
    for (const queue of queues) {
      const pair = queue[round];
      if (pair !== undefined && (limit === null || chosen.length < limit)) chosen.push(pair);
    }
  }
  return chosen;
}

/** One pair of each category that has any, in the categories' order: a random choice that is the same for the same seed. */
export const pickOneOfEach = (pairs: readonly PromptPair[], seed: number): PromptPair[] =>
  inOrder(pairs.map(({ category }) => category)).flatMap((category, place) => {
    const of = pairs.filter((pair) => pair.category === category);
    const chosen = of[hashWords(seed, place) % Math.max(1, of.length)];
    return chosen === undefined ? [] : [chosen];
  });
