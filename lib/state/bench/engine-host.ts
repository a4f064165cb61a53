import {
  createHolder,
  type Engine,
  type EngineInfo,
  type EngineNotice,
  type LoadProgress,
  type TokenReader,
} from '@/lib/engine';
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
  /** Where the files of a model are. @throws ModelError `model-unknown` for a name from elsewhere that this site and this browser do not have */
  locate(folder: string, signal: AbortSignal): Promise<ModelLocation>;
  /** What the model of a folder turned out to be. */
  loaded?(folder: string, info: EngineInfo): void;
}

/** Lends the engine, with the model of a folder, to work that can wait, one short piece at a time; the bench goes first. */
export type WithEngine = <T>(
  folder: string,
  work: (engine: Engine, info: EngineInfo) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

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

export const createEngineHost = (ports: EnginePorts, onNotice: (notice: EngineNotice) => void): EngineHost => {
  const engines = createHolder<Engine>();
  const decoders = createHolder<TokenReader>();

  return {
    defaultModel: (signal) => ports.defaultModel(signal),

    async engine(folder, choice, options) {
      const engine = await engines.load(
        `${choice} ${folder}`,
        () => ports.createEngine(choice, onNotice),
        async (value) => value.load(await ports.locate(folder, options.signal), options),
      );
      const { info } = engine;
      if (info === null) throw new Error('The engine was freed while it was loading.');
      ports.loaded?.(folder, info);
      return { engine, info };
    },

    decoder(folder, options) {
      const locate = () => ports.locate(folder, options.signal);
      return decoders.load(
        folder,
        () => ports.createDecoder(),
        async (value) => value.load(await locate(), options),
      );
    },

    judge: (folder, request, signal) => decoders.hold(folder, () => ports.createDecoder()).judge(request, { signal }),

    dropEngine: engines.drop,

    dispose() {
      engines.drop();
      decoders.drop();
    },
  };
};
