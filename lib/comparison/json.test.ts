import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseComparisonJson, toComparisonJson } from './json';
import { sameComparison } from './same';
import { comparisons } from './testing/arbitrary';
import { sampleComparison } from './testing/sample';

const edited = (path: readonly (string | number)[], item: unknown): string => {
  const document = JSON.parse(toComparisonJson(sampleComparison())) as Record<string | number, unknown>;
  let target = document;
  for (const part of path.slice(0, -1)) target = target[part] as Record<string | number, unknown>;
  target[path.at(-1) ?? ''] = item;
  return JSON.stringify(document);
};
const problem = (text: string) => {
  const result = parseComparisonJson(text);
  return result.ok ? null : { code: result.error.code, path: result.error.path, message: result.error.message };
};

describe('comparison.json', () => {
  it('carries the whole trace exactly', () => {
    const sample = sampleComparison();
    expect(parseComparisonJson(toComparisonJson(sample))).toEqual({ ok: true, value: sample });
  });

  it('round-trips any comparison to the same text', () => {
    fc.assert(
      fc.property(comparisons, (comparison) => {
        const text = toComparisonJson(comparison);
        const parsed = parseComparisonJson(text);
        if (!parsed.ok) throw new Error(parsed.error.message);
        expect(sameComparison(parsed.value, comparison)).toBe(true);
        expect(toComparisonJson(parsed.value)).toBe(text);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('does not depend on the order of members', () => {
    const sample = sampleComparison();
    const reversed = Object.fromEntries(Object.entries(sample).reverse()) as unknown as typeof sample;
    expect(toComparisonJson(reversed)).toBe(toComparisonJson(sample));
  });

  it('names the item that is wrong', () => {
    expect(problem(edited(['tokens', 'a', 17], 5000))).toEqual({
      code: 'invalid',
      path: 'tokens.a[17]',
      message: 'In the comparison, tokens.a[17] is 5000, but the codebook has 1024 codes (0 to 1023).',
    });
    expect(problem(edited(['tokens', 'b', 3], -1))?.path).toBe('tokens.b[3]');
    expect(problem(edited(['tokens', 'b', 3], 'x'))?.message).toBe(
      'In the comparison, tokens.b[3] is not a token (an integer of 0 or more).',
    );
    expect(problem(edited(['trace', 'crossScoreBits', 'a', 9], true))?.path).toBe('trace.crossScoreBits.a[9]');
    expect(problem(edited(['trace', 'topTokens', 'a', 9], 1e6))?.path).toBe('trace.topTokens.a[9]');
    expect(problem(edited(['trace', 'entropyBits', 'a'], [1]))?.path).toBe('trace.entropyBits.a');
    expect(problem(edited(['settings', 'topP'], 0))?.path).toBe('settings.topP');
    expect(problem(edited(['settings', 'seed'], 1.5))?.message).toContain('is not an integer from 0 to 4294967295');
    expect(problem(edited(['model', 'hash'], 'xyz'))?.path).toBe('model.hash');
    expect(problem(edited(['prompts'], 'x'))?.path).toBe('prompts');
    expect(problem(edited(['prompts', 'a'], undefined))?.path).toBe('prompts.a');
    expect(problem(edited(['trace'], undefined))?.path).toBe('trace');
    expect(problem(edited(['grid', 'rows'], 5))?.path).toBe('tokens.a');
  });

  it('tells foreign, damaged, too new and too large apart', () => {
    const text = toComparisonJson(sampleComparison());
    expect(problem(text.slice(0, 500))?.code).toBe('damaged');
    expect(problem('PNG...')?.code).toBe('unknown-format');
    expect(problem('null')?.code).toBe('unknown-format');
    expect(problem('[]')?.code).toBe('unknown-format');
    expect(problem('{"name": "something else"}')?.code).toBe('unknown-format');
    expect(problem(edited(['formatVersion'], 2))?.code).toBe('too-new');
    expect(problem(edited(['formatVersion'], 'x'))?.code).toBe('invalid');
    expect(problem(' '.repeat(8_000_001))?.code).toBe('too-large');
    expect(parseComparisonJson(`\uFEFF${text}`).ok).toBe(true);
  });
});
