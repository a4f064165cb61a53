import { failure, type Pair, type Result, shortestFloat32, success } from '@/lib/domain';
import { type ComparisonError, comparisonErrors } from './errors';
import { TOP_ENTRIES } from './format-v1';
import { comparisonSchema, type JsonNumber, type PlainComparison } from './schema';
import type { Trace } from './trace';
import type { Comparison } from './types';
import { toWellFormed } from './well-formed';

/** Steps drawn on both sides: tokens before the first that is not there or is -1. */
export const drawnSteps = ({ a, b }: Pair<ArrayLike<number>>): number => {
  const length = Math.min(a.length, b.length);
  for (let step = 0; step < length; step++) {
    if ((a[step] ?? -1) < 0 || (b[step] ?? -1) < 0) return step;
  }
  return length;
};

const toJsonNumber = (value: number): JsonNumber =>
  Number.isNaN(value)
    ? null
    : value === Infinity
      ? 'Infinity'
      : value === -Infinity
        ? '-Infinity'
        : shortestFloat32(value);

const fromJsonNumber = (value: JsonNumber): number => (value === null ? NaN : Number(value));

const mapPair = <T, U>(pair: Pair<T>, map: (item: T) => U): { a: U; b: U } => ({ a: map(pair.a), b: map(pair.b) });

const optional = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined =>
  value === undefined ? undefined : map(value);

/** Drops members whose value is undefined, so that an absent member stays absent. */
const compact = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;

/** Which members of the trace a document carries. */
export type TraceScope = 'full' | 'cross';

const plainTrace = (trace: Trace, steps: number, scope: TraceScope): PlainComparison['trace'] => {
  const ints = (items: Int32Array) => Array.from(items.subarray(0, steps));
  const floats = (items: Float32Array) => Array.from(items.subarray(0, steps), toJsonNumber);
  const full = <T>(value: T | undefined): T | undefined => (scope === 'full' ? value : undefined);
  return compact<PlainComparison['trace']>({
    precision: trace.precision,
    probability: optional(full(trace.probability), (pair) => mapPair(pair, floats)),
    rank: optional(full(trace.rank), (pair) => mapPair(pair, ints)),
    entropyBits: optional(full(trace.entropyBits), (pair) => mapPair(pair, floats)),
    margin: optional(full(trace.margin), (pair) => mapPair(pair, floats)),
    divergenceBits: optional(full(trace.divergenceBits), floats),
    promptDivergenceBits: optional(trace.promptDivergenceBits, (pair) => mapPair(pair, floats)),
    crossScoreBits: optional(trace.crossScoreBits, (pair) => mapPair(pair, floats)),
    topTokens: optional(full(trace.topTokens), (pair) =>
      mapPair(pair, (items) => Array.from(items.subarray(0, steps * TOP_ENTRIES))),
    ),
    topProbabilities: optional(full(trace.topProbabilities), (pair) =>
      mapPair(pair, (items) => Array.from(items.subarray(0, steps * TOP_ENTRIES), toJsonNumber)),
    ),
  });
};

const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** Checks plain values of the current format; the first bad item is named. */
export const validatePlain = (value: unknown): Result<PlainComparison, ComparisonError> => {
  const parsed = comparisonSchema.safeParse(value);
  if (parsed.success) return success(parsed.data);
  const [issue] = parsed.error.issues;
  return failure(comparisonErrors.invalid(formatPath(issue?.path ?? []), issue?.message ?? 'is not valid'));
};

/**
 * The canonical plain form, validated: prompts well-formed, float32 settings in their shortest decimal form,
 * only steps drawn on both sides, members in one order.
 */
export const toPlain = (
  { model, prompts, settings, grid, codes, tokens, trace, provenance }: Comparison,
  scope: TraceScope,
): Result<PlainComparison, ComparisonError> => {
  const steps = drawnSteps(tokens);
  return validatePlain({
    model: { name: toWellFormed(model.name), hash: model.hash },
    prompts: mapPair(prompts, toWellFormed),
    settings: {
      seed: settings.seed,
      coupling: settings.coupling,
      guidanceWeight: shortestFloat32(settings.guidanceWeight),
      temperature: shortestFloat32(settings.temperature),
      topK: settings.topK,
      topP: shortestFloat32(settings.topP),
      plausibility: shortestFloat32(settings.plausibility),
      greedy: settings.greedy,
    },
    grid: { rows: grid.rows, columns: grid.columns },
    codes,
    tokens: mapPair(tokens, (items) => Array.from(items.subarray(0, steps))),
    trace: plainTrace(trace, steps, scope),
    provenance: {
      executionProvider: provenance.executionProvider,
      weightType: toWellFormed(provenance.weightType),
      runtime: toWellFormed(provenance.runtime),
      lanes: provenance.lanes,
      adapter: provenance.adapter === null ? null : toWellFormed(provenance.adapter),
    },
  });
};

/** Typed arrays of the grid's full length; past the steps drawn -1 in tokens, NaN or 0 in the trace. */
export const fromPlain = (plain: PlainComparison): Comparison => {
  const cells = plain.grid.rows * plain.grid.columns;
  const ints = (items: readonly number[], fill: number, length: number) => {
    const array = new Int32Array(length).fill(fill);
    array.set(items);
    return array;
  };
  const floats = (items: readonly JsonNumber[], length: number) => {
    const array = new Float32Array(length).fill(NaN);
    array.set(items.map(fromJsonNumber));
    return array;
  };
  const series = (items: readonly JsonNumber[]) => floats(items, cells);
  const { trace } = plain;
  return {
    model: { name: plain.model.name, hash: plain.model.hash },
    prompts: mapPair(plain.prompts, toWellFormed),
    settings: {
      ...plain.settings,
      guidanceWeight: shortestFloat32(plain.settings.guidanceWeight),
      temperature: shortestFloat32(plain.settings.temperature),
      topP: shortestFloat32(plain.settings.topP),
      plausibility: shortestFloat32(plain.settings.plausibility),
    },
    grid: { ...plain.grid },
    codes: plain.codes,
    tokens: mapPair(plain.tokens, (items) => ints(items, -1, cells)),
    trace: compact<Trace>({
      length: plain.tokens.a.length,
      precision: trace.precision,
      probability: optional(trace.probability, (pair) => mapPair(pair, series)),
      rank: optional(trace.rank, (pair) => mapPair(pair, (items) => ints(items, 0, cells))),
      entropyBits: optional(trace.entropyBits, (pair) => mapPair(pair, series)),
      margin: optional(trace.margin, (pair) => mapPair(pair, series)),
      divergenceBits: optional(trace.divergenceBits, series),
      promptDivergenceBits: optional(trace.promptDivergenceBits, (pair) => mapPair(pair, series)),
      crossScoreBits: optional(trace.crossScoreBits, (pair) => mapPair(pair, series)),
      topTokens: optional(trace.topTokens, (pair) => mapPair(pair, (items) => ints(items, -1, cells * TOP_ENTRIES))),
      topProbabilities: optional(trace.topProbabilities, (pair) =>
        mapPair(pair, (items) => floats(items, cells * TOP_ENTRIES)),
      ),
    }),
    provenance: { ...plain.provenance },
  };
};
