import { EngineError, PairCompError, type SamplingSettings, toEngineError } from '@/lib/domain';
import type { Engine, EngineInfo } from '@/lib/engine';
import type { JudgedPicture, JudgeId, PairCompJudge } from '@/lib/judge';
import { drawRequest } from './draws';
import type { PromptPair } from './pairs';
import type { Draw, Judged } from './run-types';

export interface LoopRun {
  readonly pairs: readonly PromptPair[];
  readonly images: number;
  readonly settings: SamplingSettings;
  readonly judge: { readonly by: PairCompJudge; readonly id: JudgeId } | null;
}

/** What a run needs from around it. Whatever is put is kept before the promise settles. */
export interface LoopPorts {
  /** Lends the engine for one draw. */
  readonly lend: <T>(work: (engine: Engine, info: EngineInfo) => Promise<T>) => Promise<T>;
  readonly hasDraw: (pair: number, image: number) => Draw | undefined;
  readonly isSkipped: (pair: number) => boolean;
  readonly isJudged: (pair: number, prompt: number, image: number) => boolean;
  readonly putDraw: (draw: Draw, tookMs: number) => Promise<void>;
  readonly putScores: (scores: readonly Judged[]) => Promise<void>;
  readonly skip: (pair: number, reason: string) => Promise<void>;
  readonly pixels: (tokens: Int32Array) => ReturnType<JudgedPicture['pixels']>;
  /** True ends the run before its next draw. */
  readonly isPausing: () => boolean;
}

/** Attempts at one draw when the engine is taken away in the middle, as by another choice of where to draw. */
const ATTEMPTS = 3;

const drawOne = async (
  pair: PromptPair,
  image: number,
  settings: SamplingSettings,
  ports: LoopPorts,
  signal: AbortSignal,
): Promise<{ readonly draw: Draw; readonly tookMs: number }> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ports.lend(async (engine, info) => {
        const startMs = performance.now();
        const steps = info.grid.rows * info.grid.columns;
        const [a, b] = [new Int32Array(steps), new Int32Array(steps)];
        let drawn = 0;
        for await (const { step, sides } of engine.draw(drawRequest(pair, image, settings), { signal })) {
          a[step] = sides.a.token;
          b[step] = sides.b.token;
          drawn++;
        }
        if (drawn !== steps) throw new EngineError('failed', { detail: 'a drawing ended early' });
        return { draw: { pair: pair.index, image, a, b }, tookMs: performance.now() - startMs };
      });
    } catch (error) {
      if (signal.aborted || attempt === ATTEMPTS || toEngineError(error).code !== 'disposed') throw error;
    }
  }
};

const judgeDraw = async (
  pair: PromptPair,
  draw: Draw,
  { by, id }: NonNullable<LoopRun['judge']>,
  ports: LoopPorts,
  signal: AbortSignal,
): Promise<void> => {
  const judged: Judged[] = [];
  for (const [prompt, tokens] of [draw.a, draw.b].entries()) {
    if (ports.isJudged(pair.index, prompt, draw.image)) continue;
    const score = await by.score({ tokens, pixels: () => ports.pixels(tokens) }, pair.captions[prompt] ?? '', signal);
    judged.push({ judge: id, pair: pair.index, prompt, image: draw.image, score });
  }
  if (judged.length > 0) await ports.putScores(judged);
};

/** Draws and judges what is missing of a run, in its order; true when nothing is missing any more. */
export const runLoop = async (
  { pairs, images, settings, judge }: LoopRun,
  ports: LoopPorts,
  signal: AbortSignal,
): Promise<boolean> => {
  for (const pair of pairs) {
    for (let image = 0; image < images && !ports.isSkipped(pair.index); image++) {
      if (ports.isPausing()) return false;
      if (signal.aborted) throw new EngineError('aborted');
      let draw = ports.hasDraw(pair.index, image);
      if (draw === undefined) {
        try {
          const drawn = await drawOne(pair, image, settings, ports, signal);
          draw = drawn.draw;
          await ports.putDraw(draw, drawn.tookMs);
        } catch (error) {
          if (!(error instanceof EngineError) || (error.code !== 'empty-prompt' && error.code !== 'prompt-too-long'))
            throw error;
          await ports.skip(pair.index, error.message);
          break;
        }
      }
      if (judge !== null) await judgeDraw(pair, draw, judge, ports, signal);
    }
  }
  return true;
};

/** A sentence and a way on for what can go wrong with a run. */
export const runProblem = (error: unknown): string => {
  if (error instanceof PairCompError) return error.message;
  const { message, wayOn } = toEngineError(error);
  return `${message} ${wayOn}`;
};
