import { decode } from 'fast-png';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRACE_MEMBERS } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import { memberColumns, traceToCsv } from './csv';
import { differencePicture } from './difference-picture';
import { exportFileName } from './file-name';
import { encodePng, isWholePng } from './png';

describe('CSV of the trace', () => {
  it('has a header with units and one line a step', () => {
    const sample = sampleComparison();
    const lines = traceToCsv(sample).split('\r\n');
    expect(lines).toHaveLength(146);
    expect(lines.at(-1)).toBe('');
    const header = Array.from((lines[0] ?? '').matchAll(/"(?:[^"]|"")*"|[^,]+/g), (match) => match[0]);
    expect(header).toContain('cross score A (bits)');
    expect(header).toContain('side divergence (bits)');
    expect(header).toContain('top probability 8 B');
    for (const line of lines.slice(1, -1)) expect(line.split(',')).toHaveLength(header.length);
    const cells = (lines[31] ?? '').split(',');
    expect(cells.slice(0, 4)).toEqual(['30', '2', '6', String(sample.tokens.a[30])]);
    expect(Math.fround(Number(cells[header.indexOf('cross score B (bits)')]))).toBe(sample.trace.crossScoreBits?.b[30]);
  });

  it('says where numbers are rounded, leaves unknown ones out, and stops where the draw did', () => {
    const sample = sampleComparison();
    sample.tokens.b.fill(-1, 10);
    const scores = sample.trace.crossScoreBits ?? { a: new Float32Array(), b: new Float32Array() };
    scores.a[0] = NaN;
    const text = traceToCsv({ ...sample, trace: { length: 10, precision: 'rounded', crossScoreBits: scores } });
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe(
      'step,row,column,token A,token B,tokens differ,"cross score A (bits, rounded)","cross score B (bits, rounded)"',
    );
    expect(lines[1]).toMatch(/^0,0,0,\d+,\d+,0,,-?[\d.e-]+$/);
  });
});

describe('a number more in the table', () => {
  it('is a column more of the CSV', () => {
    const { trace } = sampleComparison();
    const members = {
      ...TRACE_MEMBERS,
      surpriseBits: { ...TRACE_MEMBERS.entropyBits, csv: { heading: 'surprise', unit: 'bits' } },
    };
    const more = { ...trace, surpriseBits: { a: Float32Array.of(1.5), b: Float32Array.of(2) } };
    const [a, b] = memberColumns(more, members).slice(-2);
    expect([a?.header, b?.header]).toEqual(['surprise A (bits)', 'surprise B (bits)']);
    expect([a?.value(0), b?.value(0)]).toEqual([1.5, 2]);
  });
});

describe('pictures', () => {
  const picture = (value: number) => ({ width: 8, height: 8, data: new Uint8ClampedArray(256).fill(value) });

  it('writes PNGs that read back', () => {
    const image = differencePicture({
      images: { a: picture(10), b: picture(200) },
      tokens: { a: [1, 2, 3, 4], b: [1, 2, 3, 9] },
      grid: { rows: 2, columns: 2 },
    });
    const read = decode(encodePng(image));
    expect([read.width, read.height]).toEqual([768, 768]);
    expect(Buffer.compare(Buffer.from(read.data.buffer), Buffer.from(image.data.buffer))).toBe(0);
  });

  it('marks different cells and leaves equal ones grey', () => {
    const { width, data } = differencePicture({
      images: { a: picture(100), b: picture(100) },
      tokens: { a: [1, 2, 3, 4], b: [1, 2, 3, 9] },
      grid: { rows: 2, columns: 2 },
      divergenceBits: [0, 0.9, 0, 1],
      scale: 4,
    });
    const isGrey = (x: number, y: number) => data[(y * width + x) * 4] === data[(y * width + x) * 4 + 1];
    expect(isGrey(8, 8)).toBe(true);
    expect(isGrey(24, 8)).toBe(false);
    expect(isGrey(17, 1)).toBe(true);
    expect(isGrey(8, 24)).toBe(true);
    expect(isGrey(24, 24)).toBe(false);
    expect(isGrey(17, 17)).toBe(false);
  });
});

describe('file names', () => {
  const { settings } = sampleComparison();

  it('tells what the file holds', () => {
    expect(exportFileName({ prompts: { a: 'A red apple', b: 'a "blue" apple!' }, settings }, 'difference')).toBe(
      'pairscope_a-red-apple_vs_a-blue-apple_seed-7_difference.png',
    );
    expect(exportFileName({ prompts: { a: '', b: '../../etc' }, settings }, 'trace')).toBe(
      'pairscope_empty_vs_etc_seed-7_trace.csv',
    );
  });

  it('is safe whatever the prompts', () => {
    const prompt = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant('x'.repeat(10_000)),
      fc.constant('\u202Egnp.exe'),
    );
    fc.assert(
      fc.property(prompt, prompt, (a, b) => {
        const name = exportFileName({ prompts: { a, b }, settings }, 'comparison');
        expect(name).toMatch(/^pairscope_[\p{L}\p{N}\p{M}_-]+\.json$/u);
        expect(new TextEncoder().encode(name).length).toBeLessThan(255);
      }),
      { seed: 8 },
    );
  });
});

describe('a whole PNG', () => {
  const png = encodePng({
    width: 16,
    height: 16,
    data: new Uint8ClampedArray(1024).map((_, place) => (place * 79) % 256),
  });

  it('is told from one that is cut anywhere', () => {
    expect(isWholePng(png)).toBe(true);
    for (let bytes = 0; bytes < png.length; bytes++) expect(isWholePng(png.subarray(0, bytes))).toBe(false);
  });

  it('is told from one with any other bit', () => {
    fc.assert(
      fc.property(fc.nat(8 * png.length - 1), (bit) => {
        const damaged = png.slice();
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        return !isWholePng(damaged);
      }),
    );
  });
});
