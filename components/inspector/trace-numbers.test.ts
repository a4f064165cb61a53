import { describe, expect, test } from 'vitest';
import { TRACE_MEMBERS } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import { inspectorRows, numberColumns } from './trace-numbers';

const { trace } = sampleComparison();

describe('numbers of a cell', () => {
  test('stand in groups, and the shared one once', () => {
    const sampled = inspectorRows(trace, 3, 'sampled');
    expect(sampled.map(({ name }) => name)).toEqual(['rank', 'entropy', 'margin', 'side divergence']);
    expect(sampled.map(({ texts }) => texts.length)).toEqual([2, 2, 2, 1]);
    const free = inspectorRows(trace, 3, 'guidance-free');
    expect(free.map(({ name }) => name)).toEqual(['prompt divergence', 'cross score']);
  });

  test('say that a link rounded them, and are absent where they are not known', () => {
    const { promptDivergenceBits } = trace;
    const linked = {
      length: 144,
      precision: 'rounded',
      ...(promptDivergenceBits && { promptDivergenceBits }),
    } as const;
    expect(inspectorRows(linked, 3, 'sampled')).toEqual([]);
    const [row] = inspectorRows(linked, 3, 'guidance-free');
    expect(row?.texts.every((text) => text.startsWith('≈'))).toBe(true);
    expect(numberColumns(linked).map(({ name }) => name)).toEqual(['prompt div.']);
  });

  test('come from one table: a row more is a row and a column more', () => {
    const surprise = {
      ...TRACE_MEMBERS.entropyBits,
      row: { name: 'surprise', unit: 'bits', explanation: 'How unlikely the token was', digits: 1 },
      column: { name: 'surprise', explanation: 'Surprise, bits', digits: 1 },
    } as const;
    const members = { ...TRACE_MEMBERS, surpriseBits: surprise };
    const more = { ...trace, surpriseBits: { a: Float32Array.of(1.5), b: Float32Array.of(2) } };
    expect(inspectorRows(more, 0, 'sampled', members).at(-1)).toMatchObject({
      name: 'surprise',
      texts: ['1.5', '2.0'],
    });
    expect(numberColumns(more, members).at(-1)?.cells(0)).toEqual(['1.5', '2.0']);
  });
});
