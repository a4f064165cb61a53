import { type DecodedImage, EngineError, type Pair, type SamplingSettings } from '@/lib/domain';
import { createHolder, type TokenReader } from '@/lib/engine';
import { judgedPair, type JudgedPair } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import { createLiveFrame, type Frame, type WithEngine } from '@/lib/state/bench';

/** What is known of a bundled model without its weights. */
export interface ModelParts {
  /** SHA-256 of the pixel decoder: models with the same one share it. */
  readonly decoder: string;
  /** The judge that reads the model's codebook; null where there is none. */
  readonly judge: { readonly folder: string; readonly title: string } | null;
}

export interface PairDrawerPorts {
  readonly withEngine: WithEngine;
  readonly createDecoder: () => TokenReader;
  readonly locate: (folder: string) => ModelLocation;
  readonly parts: (folder: string, signal: AbortSignal) => Promise<ModelParts>;
}

export interface DrawOptions {
  readonly signal: AbortSignal;
  /** Prompt divergence and cross scores as well. */
  readonly crossLanes: boolean;
  /** After each step; the frame's arrays are filled in place. */
  readonly onStep?: (frame: Frame, drawn: number) => void;
}

/** A judgement and who gave it. */
export interface Judged extends JudgedPair {
  readonly judge: string;
}

/** Draws, shows and judges pairs of any bundled model, apart from what is on the bench. */
export interface PairDrawer {
  /** Draws a pair to its end, when the bench does not need the engine. */
  draw(folder: string, prompts: Pair<string>, settings: SamplingSettings, options: DrawOptions): Promise<Frame>;
  pictures(folder: string, tokens: Pair<Int32Array>, signal: AbortSignal): Promise<Pair<DecodedImage>>;
  /** Null for a model without a judge. */
  judge(folder: string, prompts: Pair<string>, tokens: Pair<Int32Array>, signal: AbortSignal): Promise<Judged | null>;
  /** Frees the decoder; the next request loads it anew. */
  rest(): void;
}

export const createPairDrawer = (ports: PairDrawerPorts): PairDrawer => {
  const decoders = createHolder<TokenReader>();

  const decoderOf = async (folder: string, signal: AbortSignal): Promise<TokenReader> => {
    const { decoder: hash } = await ports.parts(folder, signal);
    // Not given up with one request: the next one wants it too.
    return decoders.load(hash, ports.createDecoder, (value) => value.load(ports.locate(folder)));
  };

  return {
    draw: (folder, prompts, settings, { signal, crossLanes, onStep }) =>
      ports.withEngine(
        folder,
        async (engine, info) => {
          const live = createLiveFrame(info, prompts, settings);
          const total = info.grid.rows * info.grid.columns;
          let drawn = 0;
          for await (const event of engine.draw({ prompts, settings, crossLanes }, { signal })) {
            live.apply(event);
            drawn = event.step + 1;
            onStep?.(live.frame, drawn);
          }
          if (drawn !== total)
            throw new EngineError(signal.aborted ? 'aborted' : 'failed', { detail: 'a drawing ended early' });
          return live.frame;
        },
        signal,
      ),

    async pictures(folder, tokens, signal) {
      const [a, b] = await (await decoderOf(folder, signal)).decode([tokens.a, tokens.b]);
      if (a === undefined || b === undefined) throw new EngineError('failed', { detail: 'a picture is missing' });
      return { a, b };
    },

    async judge(folder, prompts, tokens, signal) {
      const { judge } = await ports.parts(folder, signal);
      if (judge === null) return null;
      const decoder = await decoderOf(folder, signal);
      const said = await decoder.judge(
        { judge: ports.locate(judge.folder), pictures: [tokens.a, tokens.b], captions: [prompts.a, prompts.b] },
        { signal },
      );
      return { ...judgedPair(said, prompts), judge: `${said.title} ${said.version}` };
    },

    rest: decoders.drop,
  };
};
