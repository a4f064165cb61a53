import { testModel } from '@/lib/models/testing';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { parseComparisonJson } from '@/lib/comparison';
import { drawn, golden } from '@/lib/engine/testing';
import { UsageError } from './command-line';
import { readOptions } from './pair-options';

const root = fileURLToPath(new URL('..', import.meta.url));
const tiny = testModel('tiny-model');
const prompts = ['--a', 'a red apple to the left of a blue cup', '--b', 'a blue apple to the left of a red cup'];

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const spawn = (command: string, args: readonly string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      // npm prints notes about its own configuration.
      const own = stderr
        .split('\n')
        .filter((line) => !line.startsWith('npm '))
        .join('\n');
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr: own });
    });
  });

const pair = (...args: string[]) => spawn('npm', ['run', '-s', 'pair', '--', ...args]);

type Tokens = Record<'a' | 'b', number[]>;

const sentence = /^[^\n]+[.]\n$/;

describe('npm run pair', { timeout: 180_000 }, () => {
  test('prints one object, and writes pictures and the comparison', async () => {
    const out = mkdtempSync(join(tmpdir(), 'pair-'));
    const { status, stdout, stderr } = await pair(...prompts, '--model', tiny, '--seed', '7', '--json', '--out', out);
    expect(status, stderr).toBe(0);
    const result = JSON.parse(stdout) as {
      tokens: Record<string, number[]>;
      trace: Record<string, number[] | Record<string, number[]>>;
      [member: string]: unknown;
    };
    expect(Object.keys(result)).toEqual([
      'model',
      'prompts',
      'settings',
      'grid',
      'tokens',
      'trace',
      'firstSplit',
      'finding',
      'elapsedMs',
    ]);
    expect(result).toMatchObject({
      model: `tiny@${golden.modelHash}`,
      prompts: { a: prompts[1], b: prompts[3] },
      settings: {
        seed: 7,
        coupling: 'coupled',
        guidanceWeight: 3,
        temperature: 1,
        topK: 0,
        topP: 1,
        plausibility: 0.1,
        greedy: false,
      },
      grid: { rows: 6, columns: 6 },
      tokens: golden.cases[0]?.tokens,
      firstSplit: 1,
    });
    const series = Object.values(result.trace).flatMap((member) =>
      Array.isArray(member) ? [member] : Object.values(member),
    );
    expect(Object.keys(result.trace)).toEqual([
      'probability',
      'rank',
      'entropyBits',
      'divergenceBits',
      'promptDivergenceBits',
      'crossScoreBits',
    ]);
    expect(series).toHaveLength(11);
    for (const numbers of series) expect(numbers.filter(Number.isFinite)).toHaveLength(36);
    for (const name of ['a', 'b'])
      expect(decode(readFileSync(join(out, `${name}.png`)))).toMatchObject({ width: 48, height: 48 });
    expect(decode(readFileSync(join(out, 'difference.png')))).toMatchObject({ width: 768, height: 768 });
    const parsed = parseComparisonJson(readFileSync(join(out, 'comparison.json'), 'utf8'));
    expect(parsed.ok && Array.from(parsed.value.tokens.a)).toEqual(result.tokens.a);
    rmSync(out, { recursive: true });
  });

  const janus = testModel('janus-tiny');
  const asked = ({ a, b }: { readonly a: string; readonly b: string }) => [
    '--a',
    a,
    '--b',
    b,
    '--model',
    janus,
    '--json',
  ];

  test("draws a sample from a folder in the hub's layout", async () => {
    const out = mkdtempSync(join(tmpdir(), 'pair-'));
    const { prompts, settings, tokens } = drawn.cases[0]!;
    const { status, stdout, stderr } = await pair(...asked(prompts), '--seed', String(settings.seed), '--out', out);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      tokens,
      settings: { guidanceWeight: 5, temperature: 1, topK: 0, topP: 1 },
    });
    expect(decode(readFileSync(join(out, 'a.png')))).toMatchObject({ width: 16, height: 16 });
    expect(parseComparisonJson(readFileSync(join(out, 'comparison.json'), 'utf8')).ok).toBe(true);
    rmSync(out, { recursive: true });
  });

  test('draws greedily from such a folder', async () => {
    const { prompts, tokens } = drawn.cases.find(({ settings }) => settings.greedy)!;
    expect(JSON.parse((await pair(...asked(prompts), '--greedy')).stdout)).toMatchObject({ tokens });
  });

  test('draws a part, which is the beginning of the whole, and says that it is one', async () => {
    const whole = JSON.parse((await pair(...prompts, '--model', tiny, '--json')).stdout) as { tokens: Tokens };
    const folder = mkdtempSync(join(tmpdir(), 'pairscope-part-'));
    const { stdout } = await pair(...prompts, '--model', tiny, '--json', '--steps', '5', '--out', folder);
    const part = JSON.parse(stdout) as { tokens: Tokens; finding: { sentence: string } };
    expect(part.tokens).toEqual({ a: whole.tokens.a.slice(0, 5), b: whole.tokens.b.slice(0, 5) });
    expect(part.finding.sentence).toContain('5 of');
    expect(parseComparisonJson(readFileSync(join(folder, 'comparison.json'), 'utf8')).ok).toBe(true);
    rmSync(folder, { recursive: true });
  });

  test('identical coupled prompts have no first split', async () => {
    const { stdout } = await pair('--a', 'a red cup', '--b', 'a red cup', '--model', tiny, '--greedy', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ firstSplit: null, settings: { greedy: true } });
  });

  test.each([
    [[...prompts, '--frobnicate']],
    [[...prompts, '--model', 'no-such-model']],
    [[...prompts, '--model', tiny, '--seed', '-1']],
    [['--a', '?!', '--b', 'a cat', '--model', tiny]],
  ])('refuses %j with one sentence and status 2', async (args) => {
    const { status, stdout, stderr } = await pair(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
  });
});

describe('the options of pair', () => {
  test.each([
    [['--a', 'only one'], 'Both prompts'],
    [[...prompts, '--frobnicate'], '--frobnicate'],
    [[...prompts, 'stray'], 'stray'],
    [[...prompts, '--greedy=yes'], '--greedy'],
    [[...prompts, '--seed'], '--seed'],
    [[...prompts, '--seed', '-1'], 'Seed'],
    [[...prompts, '--seed', '1.5'], 'Seed'],
    [[...prompts, '--temperature', 'hot'], 'Temperature'],
    [[...prompts, '--guidance', ''], 'Guidance'],
    [[...prompts, '--top-k', '-3'], 'Top-k'],
    [[...prompts, '--top-p', '0'], 'Top-p'],
    [[...prompts, '--plausibility', '2'], 'Plausibility'],
    [[...prompts, '--coupling', 'loose'], 'Coupling'],
    [[...prompts, '--steps', '0'], '--steps'],
    [[...prompts, '--steps', 'all'], '--steps'],
  ])('%j are refused in one sentence that names what is wrong', (args, named) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(named);
  });

  test('are read as they are given', () => {
    expect(
      readOptions([...prompts, '--seed', '3', '--guidance', '2.5', '--top-k', '9', '--greedy', '--json', '--out', 'x']),
    ).toEqual({
      help: false,
      prompts: { a: prompts[1], b: prompts[3] },
      model: null,
      settings: { seed: 3, guidanceWeight: 2.5, topK: 9, greedy: true },
      steps: null,
      json: true,
      out: 'x',
    });
  });
});
