import type { Engine, EngineInfo, EngineNotice, LoadProgress, TokenReader } from '@/lib/engine';
import type { Judgement, JudgeRequest } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import type { ProviderChoice } from '@/lib/state/models';

/** The parts of the outside world that drawing needs. */
export interface EnginePorts {
  /** `onNotice` hears of what happens by itself, such as a fallback to the CPU. */
  createEngine(choice: ProviderChoice, onNotice: (notice: EngineNotice) => void): Engine;
  createDecoder(): TokenReader;
  /** Folder of the model that draws when nothing else is said, e.g. `embedded@0123456789abcdef`. */
  defaultModel(signal: AbortSignal): Promise<string>;
  locate(folder: string): ModelLocation;
  /** What the model of a folder turned out to be. */
  loaded?(folder: string, info: EngineInfo): void;
}

interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Owns at most one engine and one pixel decoder, each for one model at a time, loaded when first asked for. */
export interface EngineHost {
  defaultModel(signal: AbortSignal): Promise<string>;
  engine(folder: string, choice: ProviderChoice, options: LoadOptions): Promise<{ engine: Engine; info: EngineInfo }>;
  decoder(folder: string, options: LoadOptions): Promise<TokenReader>;
  /** Asks a judge where the pictures of a folder's model are decoded; it needs no decoder. */
  judge(folder: string, request: JudgeRequest, signal: AbortSignal): Promise<Judgement>;
  /** Frees the engine, so that the next request loads it anew; the decoder stays. */
  dropEngine(): void;
  dispose(): void;
}

interface Holding<T> {
  readonly key: string;
  readonly value: T;
  readonly ready: Promise<void>;
}

interface DecoderHolding {
  readonly key: string;
  readonly value: TokenReader;
  /** Null until pictures are asked for. */
  ready: Promise<void> | null;
}

export const createEngineHost = (ports: EnginePorts, onNotice: (notice: EngineNotice) => void): EngineHost => {
  let engineHolding: Holding<Engine> | null = null;
  let decoderHolding: DecoderHolding | null = null;

  const dropEngine = (): void => {
    void engineHolding?.value.dispose().catch(() => undefined);
    engineHolding = null;
  };
  const dropDecoder = (): void => {
    void decoderHolding?.value.dispose().catch(() => undefined);
    decoderHolding = null;
  };
  const holdDecoder = (folder: string): DecoderHolding => {
    if (decoderHolding?.key !== folder) {
      dropDecoder();
      decoderHolding = { key: folder, value: ports.createDecoder(), ready: null };
    }
    return decoderHolding;
  };

  return {
    defaultModel: (signal) => ports.defaultModel(signal),

    async engine(folder, choice, options) {
      const key = `${choice} ${folder}`;
      if (engineHolding?.key !== key) {
        dropEngine();
        const value = ports.createEngine(choice, onNotice);
        engineHolding = { key, value, ready: value.load(ports.locate(folder), options).then(() => undefined) };
      }
      const holding = engineHolding;
      try {
        await holding.ready;
      } catch (error) {
        // A load that was given up or failed leaves nothing to go on with: the next request starts clean.
        if (engineHolding === holding) dropEngine();
        throw error;
      }
      const { info } = holding.value;
      if (info === null) throw new Error('The engine was freed while it was loading.');
      ports.loaded?.(folder, info);
      return { engine: holding.value, info };
    },

    async decoder(folder, options) {
      const holding = holdDecoder(folder);
      try {
        holding.ready ??= holding.value.load(ports.locate(folder), options);
        await holding.ready;
      } catch (error) {
        if (decoderHolding === holding) dropDecoder();
        throw error;
      }
      return holding.value;
    },

    judge: (folder, request, signal) => holdDecoder(folder).value.judge(request, { signal }),

    dropEngine,

    dispose() {
      dropEngine();
      dropDecoder();
    },
  };
};
