import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claim, ClaimParser } from './claims';
import { EmbeddedJudge } from './judge';
import { parseJudgeLabels } from './labels';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`./testdata/${name}`, import.meta.url)));

interface Golden {
  readonly captions: readonly { readonly caption: string; readonly claim?: Claim; readonly unreadable?: string }[];
  readonly pictures: Readonly<Record<string, readonly number[]>>;
  readonly scores: readonly (readonly [picture: string, caption: string, score: number | 'unreadable'])[];
}

/** Written by the Python judge (training/pairscope/export/judge_golden.py). */
const golden = JSON.parse(new TextDecoder().decode(file('golden.json'))) as Golden;
const labels = parseJudgeLabels(file('judge.json'));

describe('reading captions', () => {
  const parser = new ClaimParser(labels);

  it.each(golden.captions)('reads $caption as Python does', ({ caption, claim, unreadable }) => {
    expect(parser.read(caption)).toEqual(unreadable === undefined ? { claim } : { unreadable });
  });

  it('reads one caption again after another', () => {
    const [first] = golden.captions;
    parser.read('a "STOP" sign');
    expect(parser.read(first?.caption ?? '')).toEqual({ claim: first?.claim });
  });

  it('reads a caption of any length', () => {
    const reading = parser.read('a '.repeat(200_000));
    expect('unreadable' in reading && reading.unreadable.length < 200).toBe(true);
  });
});

/** A caption's score, or 'unreadable', as the Python judge writes it. */
async function scoreOf(
  judge: EmbeddedJudge,
  tokens: readonly number[],
  caption: string,
): Promise<number | 'unreadable'> {
  const reading = judge.read(caption);
  return 'unreadable' in reading ? 'unreadable' : judge.score(tokens, reading.claim);
}

describe('the embedded judge', () => {
  let session: ort.InferenceSession;
  let judge: EmbeddedJudge;

  beforeAll(async () => {
    ort.env.wasm.numThreads = 1;
    session = await ort.InferenceSession.create(file('judge.onnx'), { executionProviders: ['wasm'] });
    judge = new EmbeddedJudge(ort, session, labels);
  });

  afterAll(() => session.release());

  it('gives the scores of the Python judge', async () => {
    const scores = await Promise.all(
      golden.scores.map(([picture, caption]) => scoreOf(judge, golden.pictures[picture] ?? [], caption)),
    );
    golden.scores.forEach(([picture, caption, expected], i) => {
      const got = scores[i];
      if (typeof expected === 'string') expect(got, `${picture}: ${caption}`).toBe(expected);
      else expect(Math.abs(Number(got) - expected), `${picture}: ${caption}`).toBeLessThan(1e-5);
    });
    expect(golden.scores.filter(([, , score]) => Number(score) > 0.5).length).toBeGreaterThan(10);
  });

  it('names itself by its graph', () => {
    expect(judge.version).toMatch(/^[0-9a-f]{12}$/);
  });

  it('refuses a picture of another size', async () => {
    await expect(scoreOf(judge, [1, 2, 3], 'an apple')).rejects.toThrow('A picture has 144 tokens, not 3.');
  });

  it('goes on after a run that failed', async () => {
    let fail = true;
    const faulty = new EmbeddedJudge(
      ort,
      {
        run: (feeds: ort.InferenceSession.FeedsType) => {
          if (!fail) return session.run(feeds);
          fail = false;
          return Promise.reject(new Error('lost'));
        },
      },
      labels,
    );
    const apple = golden.pictures['apple'] ?? [];
    await expect(scoreOf(faulty, apple, 'an apple')).rejects.toThrow('lost');
    expect(await scoreOf(faulty, apple, 'an apple')).toBeGreaterThan(0.9);
  });
});

describe('judge.json', () => {
  it('is refused by its name when it is something else', () => {
    expect(() => parseJudgeLabels(new TextEncoder().encode('{"format":1}'))).toThrow('judge.json');
  });
});
