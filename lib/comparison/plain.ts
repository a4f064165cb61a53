import { failure, type Pair, type Result, shortestFloat32 } from '@/lib/domain';
import { checkJson } from '@/lib/schema';
import { type ComparisonError, comparisonErrors } from './errors';
import { comparisonSchema, type JsonNumber, type PlainComparison } from './schema';
import type { Trace } from './trace';
import { arraysOf, isIntegral, mapSides, memberArray, TRACE_MEMBERS, type TraceMembers } from './trace-members';
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

/** Which members of the trace a document carries. */
export type TraceScope = 'full' | 'cross';

/** The members of the trace that are known, of the steps drawn. */
export const plainTrace = (
  trace: Trace,
  steps: number,
  scope: TraceScope,
  members: TraceMembers = TRACE_MEMBERS,
): PlainComparison['trace'] => {
  const plain: Record<string, unknown> = { precision: trace.precision };
  for (const [name, member] of Object.entries(members)) {
    const arrays = arraysOf(trace, name);
    if (arrays === undefined || (scope === 'cross' && !member.inLinks)) continue;
    plain[name] = mapSides(member, arrays, (items) => {
      const known = items.subarray(0, steps * member.entries);
      return isIntegral(member) ? Array.from(known) : Array.from(known, toJsonNumber);
    });
  }
  return plain as PlainComparison['trace'];
};

/** Arrays for `cells` steps of the members that are there. */
export const traceFromPlain = (
  { precision, ...plain }: PlainComparison['trace'],
  length: number,
  cells: number,
  members: TraceMembers = TRACE_MEMBERS,
): Trace => {
  const trace: Record<string, unknown> = { length, precision };
  for (const [name, member] of Object.entries(members)) {
    const lists = (plain as Readonly<Record<string, JsonNumber[] | Pair<JsonNumber[]> | undefined>>)[name];
    if (lists === undefined) continue;
    trace[name] = mapSides(member, lists, (items) => {
      const array = memberArray(member, cells);
      array.set(items.map(fromJsonNumber));
      return array;
    });
  }
  return trace as unknown as Trace;
};

/** Checks plain values of the current format; the first bad item is named. */
export const validatePlain = (value: unknown): Result<PlainComparison, ComparisonError> => {
  const checked = checkJson(value, comparisonSchema);
  return checked.ok ? checked : failure(comparisonErrors.invalid(checked.error.path, checked.error.problem));
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
  const tokens = (items: readonly number[]) => {
    const array = new Int32Array(cells).fill(-1);
    array.set(items);
    return array;
  };
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
    tokens: mapPair(plain.tokens, tokens),
    trace: traceFromPlain(plain.trace, plain.tokens.a.length, cells),
    provenance: { ...plain.provenance },
  };
};
