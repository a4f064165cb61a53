import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32';
import { decodeLink, decodeShared, encodeLink, encodeSheetLink } from './link';
import { sameComparison } from './same';
import { decodeSheet, encodeSheet, type ModelSheet } from './sheet';
import { comparisons } from './testing/arbitrary';
import { createRandom, sampleComparison } from './testing/sample';
import type { Comparison } from './types';

/** Two rows that drew the same prompts with the same settings. */
const sheetOf = (one: Comparison, other: Comparison): ModelSheet => ({
  rows: [one, { ...other, prompts: one.prompts, settings: one.settings }],
});

const sample = (): ModelSheet => {
  const one = sampleComparison();
  const tokens = { a: one.tokens.a.slice().reverse(), b: one.tokens.b.slice().reverse() };
  return {
    rows: [
      one,
      {
        ...one,
        model: { name: 'pair-grpo', hash: 'fedcba9876543210' },
        tokens,
        trace: { length: 144, precision: 'exact' },
      },
    ],
  };
};

const linkOf = (sheet: ModelSheet): string => {
  const link = encodeSheetLink(sheet);
  if (!link.ok) throw new Error(link.error.message);
  return link.value;
};

const codeOf = (text: string): string | null => {
  const result = decodeShared(text);
  return result.ok ? null : result.error.code;
};

describe('a link to model against model', () => {
  it('round-trips any two comparisons of the same inputs', () => {
    fc.assert(
      fc.property(comparisons, comparisons, (one, other) => {
        fc.pre(one.model.hash !== other.model.hash);
        const sheet = sheetOf(one, other);
        const bytes = encodeSheet(sheet);
        if (!bytes.ok) throw new Error(bytes.error.message);
        const opened = decodeSheet(bytes.value);
        if (!opened.ok) throw new Error(opened.error.message);
        opened.value.rows.forEach((row, i) => expect(sameComparison(row, sheet.rows[i] ?? row)).toBe(true));
        expect(encodeSheet(opened.value)).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('opens from an address, a fragment or its content alone, and is no link to a comparison', () => {
    const link = linkOf(sample());
    expect(link).toMatch(/^#m=TQ/);
    expect(link.length).toBeLessThan(2500);
    for (const text of [
      link,
      `https://pairs.example/play/${link}`,
      link.slice(3),
      `<${link.slice(0, 40)}\n ${link.slice(40)}>.`,
    ]) {
      expect(decodeShared(text), text.slice(0, 30)).toMatchObject({ ok: true, value: { kind: 'sheet' } });
    }
    expect(decodeLink(link)).toMatchObject({ ok: false, error: { code: 'unknown-format' } });
    expect(codeOf(link.replace('#m', '#c'))).toBe('unknown-format');
    const comparison = encodeLink(sampleComparison());
    expect(comparison.ok && codeOf(comparison.value.replace('#c', '#m'))).toBe('unknown-format');
  });

  it('has an answer of its own for what is cut off, damaged, too new, or no sheet', () => {
    const link = linkOf(sample());
    expect(codeOf(link.slice(0, -40))).toBe('truncated');
    expect(codeOf('#m=')).toBe('truncated');
    const bytes = encodeSheet(sample());
    if (!bytes.ok) throw new Error(bytes.error.message);
    const changed = (change: (bytes: Uint8Array) => void): string | null => {
      const copy = bytes.value.slice();
      change(copy);
      new DataView(copy.buffer).setUint32(copy.length - 4, crc32(copy.subarray(0, -4)));
      const result = decodeSheet(copy);
      return result.ok ? null : result.error.code;
    };
    expect(changed((copy) => (copy[1] = 2))).toBe('too-new');
    expect(changed((copy) => (copy[1] = 0))).toBe('unknown-format');
    // The length of the first comparison, and a byte inside it.
    expect(changed((copy) => (copy[8] = (copy[8] ?? 0) ^ 1))).not.toBeNull();
    expect(changed((copy) => (copy[40] = (copy[40] ?? 0) ^ 1))).toBe('damaged');
    const [one, other] = sample().rows;
    expect(encodeSheet({ rows: [one, one] })).toMatchObject({
      ok: false,
      error: { message: 'The comparison has the same model twice.' },
    });
    expect(encodeSheet({ rows: [one, { ...other, prompts: { ...other.prompts, b: 'another' } }] })).toMatchObject({
      ok: false,
      error: { code: 'invalid' },
    });
    expect(encodeSheet({ rows: [one, { ...other, settings: { ...other.settings, seed: 8 } }] })).toMatchObject({
      ok: false,
      error: { code: 'invalid' },
    });
  });

  it('opens none of 8000 mutated links to anything but the original', () => {
    const random = createRandom(2);
    const below = (limit: number): number => Math.floor(random() * limit);
    const original = linkOf(sample());
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const character = (): string => alphabet[below(64)] ?? 'A';
    for (let i = 0; i < 8_000; i++) {
      const at = below(original.length);
      const remove = below(5);
      const text = original.slice(0, at) + character().repeat(below(3)) + original.slice(at + remove);
      const result = decodeShared(text);
      if (!result.ok) continue;
      expect(result.value.kind).toBe('sheet');
      if (result.value.kind === 'sheet') expect(linkOf(result.value.sheet)).toBe(original);
    }
  }, 60_000);

  it('is written the same for ever', async () => {
    await expect(`${linkOf(sample())}\n`).toMatchFileSnapshot('testdata/golden-sheet.txt');
  });
});
