import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '@/lib/domain';
import { decodeComparison, encodeComparison } from './codec';
import { crc32 } from './crc32';
import { sameComparison } from './same';
import { comparisons } from './testing/arbitrary';
import { sampleComparison } from './testing/sample';
import type { Comparison } from './types';

const value = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const code = (result: Result<unknown, { readonly code: string }>): string => (result.ok ? 'ok' : result.error.code);

/** Gives altered bytes their right checksum, so that what lies behind it is tested. */
const sealed = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(copy.length - 4, crc32(copy.subarray(0, -4)));
  return copy;
};

describe('codec', () => {
  it('opens to the same comparison', () => {
    fc.assert(
      fc.property(comparisons, (comparison) => {
        const opened = value(decodeComparison(value(encodeComparison(comparison))));
        expect(sameComparison(comparison, opened)).toBe(true);
        expect(opened.trace.precision).toBe('rounded');
        expect(opened.provenance.adapter).toBeNull();
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('writes the same bytes for what it read', () => {
    fc.assert(
      fc.property(comparisons, (comparison) => {
        const bytes = value(encodeComparison(comparison));
        expect(value(encodeComparison(value(decodeComparison(bytes))))).toEqual(bytes);
      }),
      { seed: 2, numRuns: 150 },
    );
  });

  it('stays within the size bound', () => {
    fc.assert(
      fc.property(comparisons, (comparison) => {
        const usual: Comparison = {
          ...comparison,
          model: { ...comparison.model, name: 'embedded' },
          provenance: { ...comparison.provenance, runtime: 'onnxruntime-web 1.30.0', weightType: 'int8' },
        };
        const bytes = value(encodeComparison(usual));
        const { a, b } = usual.prompts;
        const steps = value(decodeComparison(bytes)).trace.length;
        const promptBytes = new TextEncoder().encode(a).length + new TextEncoder().encode(b).length;
        expect(bytes.length).toBeLessThanOrEqual(
          (steps * (2 * Math.ceil(Math.log2(usual.codes)) + 12)) / 8 + 64 + promptBytes,
        );
      }),
      { seed: 3, numRuns: 150 },
    );
    const sample = sampleComparison();
    const bytes = value(encodeComparison(sample));
    expect(bytes.length).toBeLessThanOrEqual((144 * 32) / 8 + 64 + sample.prompts.a.length + sample.prompts.b.length);
  });

  it('keeps zero, the largest score and every level of prompt divergence close', () => {
    const sample = sampleComparison();
    const opened = value(decodeComparison(value(encodeComparison(sample))));
    for (const side of ['a', 'b'] as const) {
      const before = sample.trace.crossScoreBits?.[side] ?? new Float32Array();
      const after = opened.trace.crossScoreBits?.[side] ?? new Float32Array();
      const scale = Math.max(...before.map(Math.abs));
      before.forEach((score, step) => {
        expect(Math.abs(score - (after[step] ?? NaN))).toBeLessThan(0.16 * scale);
        if (score === 0) expect(after[step]).toBe(0);
      });
      expect(Math.max(...after.map(Math.abs)) / scale).toBeGreaterThan(0.86);
      sample.trace.promptDivergenceBits?.[side].forEach((bits, step) => {
        expect(Math.abs(bits - (opened.trace.promptDivergenceBits?.[side][step] ?? NaN))).toBeLessThan(
          step <= 25 ? 0.09 : 0.31,
        );
      });
    }
  });

  it('leaves a series out that is not wholly known', () => {
    const sample = sampleComparison();
    sample.trace.crossScoreBits?.a.fill(NaN, 3, 4);
    const opened = value(decodeComparison(value(encodeComparison(sample))));
    expect(opened.trace.crossScoreBits).toBeUndefined();
    expect(opened.trace.promptDivergenceBits).toBeDefined();
  });

  it('keeps an unfinished comparison unfinished', () => {
    const sample = sampleComparison();
    sample.tokens.a.fill(-1, 40);
    sample.tokens.b.fill(-1, 39);
    const opened = value(decodeComparison(value(encodeComparison(sample))));
    expect(opened.trace.length).toBe(39);
    expect(opened.tokens.a).toHaveLength(144);
    expect(opened.tokens.a[39]).toBe(-1);
    expect(opened.trace.crossScoreBits?.a[39]).toBeNaN();
  });

  it('names a value that is out of range', () => {
    const sample = sampleComparison();
    sample.tokens.b[17] = 1024;
    const result = encodeComparison(sample);
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'invalid',
        path: 'tokens.b[17]',
        message: 'In the comparison, tokens.b[17] is 1024, but the codebook has 1024 codes (0 to 1023).',
      },
    });
    expect(code(encodeComparison({ ...sampleComparison(), settings: { ...sample.settings, temperature: 0 } }))).toBe(
      'invalid',
    );
    expect(
      code(encodeComparison({ ...sampleComparison(), settings: { ...sample.settings, guidanceWeight: NaN } })),
    ).toBe('invalid');
    const empty = sampleComparison();
    empty.tokens.a.fill(-1);
    expect(code(encodeComparison(empty))).toBe('invalid');
  });

  it('tells the ways in which bytes can be wrong apart', () => {
    const bytes = value(encodeComparison(sampleComparison()));
    expect(code(decodeComparison(bytes.subarray(0, -1)))).toBe('truncated');
    expect(code(decodeComparison(bytes.subarray(0, 3)))).toBe('truncated');
    expect(code(decodeComparison(Uint8Array.of(...bytes, 0)))).toBe('damaged');
    expect(code(decodeComparison(bytes.map((byte, i) => (i === 100 ? byte ^ 1 : byte))))).toBe('damaged');
    expect(code(decodeComparison(new Uint8Array()))).toBe('unknown-format');
    expect(code(decodeComparison(new TextEncoder().encode('another format altogether')))).toBe('unknown-format');
    const versioned = (version: number) => sealed(bytes.map((byte, i) => (i === 1 ? version : byte)));
    expect(decodeComparison(versioned(2))).toMatchObject({ ok: false, error: { code: 'too-new' } });
    expect(code(decodeComparison(versioned(0)))).toBe('unknown-format');
  });

  it('refuses other ways of writing the same comparison, whatever the checksum says', () => {
    const sample = sampleComparison();
    const tokens = { a: Int32Array.of(1, 2, 3, 4), b: Int32Array.of(1, 2, 5, 6) };
    const bytes = value(encodeComparison({ ...sample, grid: { rows: 2, columns: 2 }, tokens }));
    let refused = 0;
    for (let i = 5; i < bytes.length - 4; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const altered = sealed(bytes.map((byte, index) => (index === i ? byte ^ (1 << bit) : byte)));
        const result = decodeComparison(altered);
        if (result.ok) expect(value(encodeComparison(result.value))).toEqual(altered);
        else {
          refused++;
          expect(['not-canonical', 'invalid']).toContain(result.error.code);
        }
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
