import { describe, expect, it } from 'vitest';
import { type Comparison, sameComparison } from '@/lib/comparison';
import { readShared } from './open-comparison';
import { shareLink } from './share-link';

const comparison: Comparison = {
  model: { name: 'embedded', hash: '0123456789abcdef' },
  prompts: { a: 'a red apple', b: 'a blue apple' },
  settings: {
    seed: 7,
    coupling: 'coupled',
    guidanceWeight: 3,
    temperature: 1,
    topK: 0,
    topP: 1,
    plausibility: 0.05,
    greedy: false,
  },
  grid: { rows: 2, columns: 2 },
  codes: 16,
  tokens: { a: Int32Array.of(1, 2, 3, 4), b: Int32Array.of(1, 2, 5, 4) },
  trace: { length: 4, precision: 'exact' },
  provenance: {
    executionProvider: 'wasm',
    weightType: 'int8',
    runtime: 'onnxruntime-web 1.30.0',
    lanes: 6,
    adapter: null,
  },
};

describe('share link', () => {
  it('warns about an address that only this computer has', () => {
    const local = shareLink(comparison, new URL('http://127.0.0.1:3000/#old'), '');
    expect(local.ok && local.value.warning).toBe('local');
    const configured = shareLink(comparison, new URL('http://127.0.0.1:3000/'), 'https://pairs.example/play/');
    expect(configured.ok && configured.value.warning).toBeNull();
    expect(configured.ok && configured.value.url.startsWith('https://pairs.example/play/#c=')).toBe(true);
  });

  it('falls back to the page when the configured address is none', () => {
    const link = shareLink(comparison, new URL('https://pairs.example/'), 'javascript:alert(1)');
    expect(link.ok && link.value.url.startsWith('https://pairs.example/#c=')).toBe(true);
  });

  it('opens to the same comparison', () => {
    const link = shareLink(comparison, new URL('https://pairs.example/'), '');
    const opened = link.ok ? readShared(link.value.url) : null;
    expect(
      opened?.ok && opened.value.kind === 'comparison' && sameComparison(opened.value.comparison, comparison),
    ).toBe(true);
  });
});
