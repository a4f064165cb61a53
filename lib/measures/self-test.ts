import type { Coupling, Pair } from '@/lib/domain';
import { differingSteps, firstSplit } from './token-diff';

/**
 * What identical prompts show. Coupled noise must give identical tokens (`passed` or `failed`); independent
 * noise gives what two seeds of one prompt differ in (`baseline`). Null if the prompts are not identical.
 */
export type SelfTest = {
  readonly kind: 'passed' | 'failed' | 'baseline';
  readonly different: number;
  readonly text: string;
};

export const selfTest = (
  comparison: {
    readonly prompts: Pair<string>;
    readonly settings: { readonly coupling: Coupling; readonly greedy: boolean };
    readonly tokens: Pair<ArrayLike<number>>;
  },
  steps: number,
): SelfTest | null => {
  const { prompts, settings, tokens } = comparison;
  if (prompts.a !== prompts.b || steps === 0) return null;
  const different = differingSteps(tokens, steps).length;
  if (settings.coupling === 'independent' && !settings.greedy) {
    return {
      kind: 'baseline',
      different,
      text: `Identical prompts with independent noise: ${different} of ${steps} tokens differ by chance alone.`,
    };
  }
  const why = settings.coupling === 'coupled' ? 'the same noise' : 'no noise (greedy)';
  return different === 0
    ? {
        kind: 'passed',
        different,
        text: `Self-test passed: identical prompts and ${why} gave identical tokens at all ${steps} steps.`,
      }
    : {
        kind: 'failed',
        different,
        text: `Self-test failed: identical prompts and ${why} gave ${different} different tokens from step ${firstSplit(tokens, steps) ?? 0} on; do not trust this comparison.`,
      };
};
