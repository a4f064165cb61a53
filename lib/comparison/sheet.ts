import { failure, type Result, shortestFloat32, success } from '@/lib/domain';
import { decodeComparison, encodeComparison } from './codec';
import { containerEnd, unwrap, wrap } from './container';
import { type ComparisonError, comparisonErrors } from './errors';
import type { Comparison } from './types';
import { toWellFormed } from './well-formed';

/** Model against model: the same prompts, settings and noise on two models. */
export interface ModelSheet {
  readonly rows: readonly [Comparison, Comparison];
}

/** Never change this. */
const MAGIC = 0x4d;
const CURRENT_VERSION = 1;

const inputs = ({ prompts, settings }: Comparison): string =>
  JSON.stringify([
    toWellFormed(prompts.a),
    toWellFormed(prompts.b),
    [settings.seed, settings.coupling, settings.greedy, settings.topK],
    [settings.guidanceWeight, settings.temperature, settings.topP, settings.plausibility].map(shortestFloat32),
  ]);

/** What keeps two comparisons from being one sheet, if anything. */
const faultOf = ([one, other]: ModelSheet['rows']): ComparisonError | null => {
  if (inputs(one) !== inputs(other))
    return comparisonErrors.invalid('', 'has two models that drew different prompts or settings');
  if (one.model.hash === other.model.hash) return comparisonErrors.invalid('', 'has the same model twice');
  return null;
};

/** The canonical bytes of a sheet: two comparisons, each as its own link holds it, in a container of their own. */
export const encodeSheet = ({ rows }: ModelSheet): Result<Uint8Array, ComparisonError> => {
  const fault = faultOf(rows);
  if (fault !== null) return failure(fault);
  const [one, other] = [encodeComparison(rows[0]), encodeComparison(rows[1])];
  if (!one.ok) return one;
  if (!other.ok) return other;
  const payload = new Uint8Array(one.value.length + other.value.length);
  payload.set(one.value);
  payload.set(other.value, one.value.length);
  return success(wrap(MAGIC, CURRENT_VERSION, payload));
};

/** Refuses anything but bytes that encoding the result would give again. */
export const decodeSheet = (bytes: Uint8Array): Result<ModelSheet, ComparisonError> => {
  const container = unwrap(MAGIC, bytes);
  if (!container.ok) return container;
  const { version, payload } = container.value;
  if (version !== CURRENT_VERSION)
    return failure(
      version > CURRENT_VERSION ? comparisonErrors.tooNew('link', version) : comparisonErrors.unknownFormat(),
    );
  const middle = containerEnd(payload);
  if (middle === null || middle > payload.length) return failure(comparisonErrors.notCanonical());
  const [one, other] = [decodeComparison(payload.subarray(0, middle)), decodeComparison(payload.subarray(middle))];
  if (!one.ok) return one;
  if (!other.ok) return other;
  const rows = [one.value, other.value] as const;
  const fault = faultOf(rows);
  return fault === null ? success({ rows }) : failure(fault);
};
