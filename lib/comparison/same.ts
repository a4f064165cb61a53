import { shortestFloat32 } from '@/lib/domain';
import { drawnSteps } from './plain';
import type { Comparison } from './types';
import { toWellFormed } from './well-formed';

const core = ({ model, prompts, settings, grid, codes, tokens, provenance }: Comparison): string =>
  JSON.stringify([
    [model.name, model.hash],
    [toWellFormed(prompts.a), toWellFormed(prompts.b)],
    [settings.seed, settings.coupling, settings.greedy, settings.topK],
    [settings.guidanceWeight, settings.temperature, settings.topP, settings.plausibility].map(shortestFloat32),
    [grid.rows, grid.columns, codes],
    [tokens.a, tokens.b].map((items) => Array.from(items.subarray(0, drawnSteps(tokens)))),
    [provenance.executionProvider, provenance.weightType, provenance.runtime, provenance.lanes],
  ]);

/**
 * Whether two comparisons are the same thing to share: model, prompts, settings, tokens and provenance. The
 * trace follows from these and may be rounded, and the adapter's name never travels in a link, so neither
 * counts: a comparison is the same as what its link opens to.
 */
export const sameComparison = (a: Comparison, b: Comparison): boolean => a === b || core(a) === core(b);
