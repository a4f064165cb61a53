import { testModel } from '@/lib/models/testing';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { afterAll, describe, expect, test } from 'vitest';
import { CATEGORIES, drawSeed } from '@/lib/paircomp';
import { UsageError } from './command-line';
import { readOptions } from './paircomp-options';

const root = fileURLToPath(new URL('..', import.meta.url));
const tiny = testModel('tiny-model');
const temporary = mkdtempSync(join(tmpdir(), 'paircomp-'));
afterAll(() => rmSync(temporary, { recursive: true }));

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (script: string, ...args: readonly string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(
      'npm',
      ['run', '-s', script, '--', ...args],
      { cwd: root, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const own = stderr
          .split('\n')
          .filter((line) => !line.startsWith('npm '))
          .join('\n');
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr: own });
      },
    );
  });
const paircomp = (...args: readonly string[]) => run('paircomp', ...args);

const file = (name: string, value: unknown): string => {
  const path = join(temporary, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};

const pairs = file('pairs.json', [
  { category: 'Color difference', caption1: 'a red apple', caption2: 'a blue apple' },
  { category: 'Color difference', caption1: '?!', caption2: 'a blue apple' },
  { category: 'Position difference', caption1: 'a cup left of an apple', caption2: 'a cup right of an apple' },
  { caption1: 'a', caption2: 'b' },
  { category: 'Color difference', caption1: 'a red cup', caption2: 'a green cup' },
]);

describe('npm run paircomp', { timeout: 180_000 }, () => {
  test('draws each picture once, whatever ends it in between', async () => {
    const out = join(temporary, 'run');
    const args = ['--pairs', pairs, '--model', tiny, '--out', out, '--seed', '5'];
    const pictures = () =>
      readdirSync(out)
        .filter((name) => name.endsWith('.png'))
        .sort();
    const first = await paircomp(...args, '--limit', '2', '--json');
    expect(first.status, first.stderr).toBe(0);
    expect(pictures()).toEqual(
      [0, 2].flatMap((pair) => ['0_0', '0_1', '1_0', '1_1'].map((rest) => `${pair}_${rest}.png`)),
    );
    expect(decode(readFileSync(join(out, '0_1_0.png')))).toMatchObject({ width: 48, height: 48 });
    expect(first.stderr).toContain('Drew 8 pictures');
    expect(first.stderr).toContain('Item 3 has no category.');
    expect(JSON.parse(first.stdout)).toMatchObject({
      categories: {},
      average: null,
      judge: null,
      chosenPairs: 2,
      images: 2,
      settings: { seed: 5, coupling: 'independent' },
    });

    // A crash in the middle of a line, a picture that was lost: only what is missing is made again.
    const tokens = readFileSync(join(out, 'tokens.jsonl'), 'utf8');
    appendFileSync(join(out, 'tokens.jsonl'), '{"pair":4,"ima');
    const before = readFileSync(join(out, '0_0_1.png'));
    rmSync(join(out, '0_0_1.png'));
    const again = await paircomp(...args, '--limit', '2', '--resume');
    expect(again.stderr).toContain('Drew 0 pictures');
    expect(readFileSync(join(out, '0_0_1.png'))).toEqual(before);
    expect(readFileSync(join(out, 'tokens.jsonl'), 'utf8')).toBe(tokens);

    // What is damaged is named and made again, to the same bytes.
    writeFileSync(join(out, 'tokens.jsonl'), tokens.replace(/^(.*)\[\d+,/, '$1['));
    writeFileSync(join(out, '0_0_1.png'), before.subarray(0, 100));
    const mended = await paircomp(...args, '--limit', '2', '--resume');
    expect(mended.stderr).toContain('Line 1 of tokens.jsonl cannot be used');
    expect(mended.stderr).toContain('0_0_1.png is damaged or cut short: it is made again.');
    expect(mended.stderr).toContain('Drew 2 pictures');
    expect(readFileSync(join(out, '0_0_1.png'))).toEqual(before);
    expect(readFileSync(join(out, 'tokens.jsonl'), 'utf8').split('\n').sort()).toEqual(tokens.split('\n').sort());

    const rest = await paircomp(...args, '--resume');
    expect(rest.stderr).toContain('Drew 4 pictures');
    expect(rest.stderr).toContain('Pair 1 is not drawn: Prompt A has no words.');
    expect(pictures()).toHaveLength(12);

    // What a run draws is what the bench draws from the same seed.
    const { stdout } = await run(
      'pair',
      '--a',
      'a red cup',
      '--b',
      'a green cup',
      '--model',
      tiny,
      '--seed',
      String(drawSeed(5, 4, 1)),
      '--coupling',
      'independent',
      '--json',
    );
    const drawn = readFileSync(join(out, 'tokens.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { pair: number; image: number; a: number[]; b: number[] });
    expect((JSON.parse(stdout) as { tokens: unknown }).tokens).toEqual(
      (({ a, b }) => ({ a, b }))(drawn.find(({ pair, image }) => pair === 4 && image === 1) ?? { a: [], b: [] }),
    );

    for (const [other, sentence] of [
      [[...args], `${out} holds a run already: --resume goes on with it, another --out begins anew.`],
      [
        [...args, '--resume', '--guidance', '1'],
        `The run in ${out} has other settings than asked for, so it cannot go on; choose another --out.`,
      ],
    ] as const) {
      const refused = await paircomp(...other);
      expect([refused.status, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toContain(sentence);
    }
  });

  test('judges what the embedded model draws, and sums up the scores file it wrote', async () => {
    const out = join(temporary, 'judged');
    const { status, stdout, stderr } = await paircomp(
      '--model',
      'embedded',
      '--pairs',
      'built-in',
      '--out',
      out,
      '--limit',
      '1',
      '--images',
      '1',
      '--categories',
      'counting',
      '--json',
    );
    expect(status, stderr).toBe(0);
    const printed = JSON.parse(stdout) as {
      categories: Record<string, { sa: number; sg: number; gap: number; pairs: number }>;
    };
    expect(printed).toMatchObject({
      judge: { id: 'embedded', version: expect.stringMatching(/^[0-9a-f]{12}$/) as string },
      unscoredPairs: 0,
    });
    const read = await paircomp('--pairs', 'built-in', '--scores', join(out, 'scores.json'), '--images', '1', '--json');
    const { categories } = JSON.parse(read.stdout) as typeof printed;
    expect(Object.keys(categories)).toEqual(['Counting difference']);
    expect(categories['Counting difference']?.sa).toBeCloseTo(printed.categories['Counting difference']?.sa ?? NaN, 4);
    expect(read.stderr).toContain('719 pairs have no scores');
  });

  test('asks a Janus about its own pictures', async () => {
    const out = join(temporary, 'janus');
    const { status, stdout, stderr } = await paircomp(
      '--model',
      testModel('janus-tiny'),
      '--pairs',
      pairs,
      '--out',
      out,
      '--judge',
      'janus',
      '--images',
      '1',
      '--limit',
      '2',
      '--json',
    );
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      judge: { id: 'janus' },
      unscoredPictures: 0,
      categories: { 'Color difference': { pairs: 1 }, 'Position difference': { pairs: 1 } },
    });
    expect(Object.keys(JSON.parse(readFileSync(join(out, 'scores.json'), 'utf8')) as object)).toEqual(['0', '2']);
  });

  test('sums up a scores file, one sentence for what is wrong with it', async () => {
    const six = file(
      'six.json',
      CATEGORIES.map((category, n) => ({ category, caption1: `${n}a`, caption2: `${n}b` })),
    );
    const entries = (pair_idx: number, scores: readonly number[]) =>
      scores.map((score, n) => ({ pair_idx, prompt_idx: n >> 1, image_idx: n & 1, score }));
    const scores = Object.fromEntries(CATEGORIES.map((_, n) => [n, entries(n, [1, 1, n === 0 ? 0 : 0.5, 0.5])]));
    const whole = await paircomp('--pairs', six, '--scores', file('scores.json', scores), '--json');
    expect(whole.stderr).toBe('');
    const { categories, average } = JSON.parse(whole.stdout) as {
      categories: Record<string, unknown>;
      average: unknown;
    };
    expect(categories[CATEGORIES[0]]).toEqual({ sa: 0.625, sg: 0, gap: 0.625, pairs: 1 });
    expect(average).toEqual({
      sa: expect.closeTo((0.625 + 5 * 0.75) / 6, 12) as number,
      sg: expect.closeTo((5 * Math.SQRT1_2) / 6, 12) as number,
      gap: expect.closeTo((0.625 + 5 * 0.75 - 5 * Math.SQRT1_2) / 6, 12) as number,
    });
    const table = await paircomp('--pairs', six, '--scores', file('scores.json', scores));
    expect(table.stdout).toMatch(/average of 6 of 6 +6 +72\.9/);
    const other = await paircomp(
      '--pairs',
      six,
      '--scores',
      file('other.json', { ...scores, '9': entries(9, [1, 1, 1, 1]) }),
      '--json',
    );
    expect([other.status, other.stdout, other.stderr]).toEqual([
      2,
      '',
      'The scores file belongs to other pairs: it scores pair 9, which is not among these.\n',
    ]);
  });
});

describe('the options of paircomp', () => {
  test.each([
    [['--out', 'x'], 'Pairs are needed'],
    [['--pairs', 'x'], '--out'],
    [['--pairs', 'x', '--out', 'y', '--images', '0'], '--images'],
    [['--pairs', 'x', '--out', 'y', '--limit', '1.5'], '--limit'],
    [['--pairs', 'x', '--out', 'y', '--categories', 'color,sound'], '"sound" names none'],
    [['--pairs', 'x', '--out', 'y', '--judge', 'me'], '--judge'],
    [['--pairs', 'x', '--out', 'y', '--judge', 'endpoint'], '--endpoint'],
    [['--pairs', 'x', '--out', 'y', '--seed', '-1'], 'Seed'],
    [['--pairs', 'x', '--scores', 'y', '--limit', '3'], '--limit has no meaning'],
  ])('%j are refused in one sentence that names what is wrong', (args, named) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(named);
  });

  test('are read as they are given', () => {
    expect(
      readOptions([
        '--pairs',
        'built-in',
        '--model',
        'embedded',
        '--out',
        'x',
        '--categories',
        'text, color',
        '--limit',
        '9',
        '--seed',
        '3',
      ]),
    ).toEqual({
      kind: 'draw',
      pairs: null,
      images: 2,
      json: false,
      model: null,
      out: 'x',
      resume: false,
      limit: 9,
      categories: ['Color difference', 'Text difference'],
      judge: null,
      endpoint: null,
      settings: { seed: 3 },
    });
  });
});
