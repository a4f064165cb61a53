import type { Engine, EngineInfo, EngineNotice, LoadProgress, ModelLocation, PixelDecoder } from '../engine';
import type { ProviderChoice } from './session-types';

/** The parts of the outside world that drawing needs. */
export interface EnginePorts {
  /** `onNotice` hears of what happens by itself, such as a fallback to the CPU. */
  createEngine(choice: ProviderChoice, onNotice: (notice: EngineNotice) => void): Engine;
  createDecoder(): PixelDecoder;
  /** Folder of the model that draws when nothing else is said, e.g. `embedded@0123456789abcdef`. */
  defaultModel(signal: AbortSignal): Promise<string>;
  locate(folder: string): ModelLocation;
}

interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Owns at most one engine and one pixel decoder, each for one model at a time, loaded when first asked for. */
export interface EngineHost {
  defaultModel(signal: AbortSignal): Promise<string>;
  engine(folder: string, choice: ProviderChoice, options: LoadOptions): Promise<{ engine: Engine; info: EngineInfo }>;
  decoder(folder: string, options: LoadOptions): Promise<PixelDecoder>;
  /** Frees the engine, so that the next request loads it anew; the decoder stays. */
  dropEngine(): void;
  dispose(): void;
}

interface Holding<T> {
  readonly key: string;
  readonly value: T;
  readonly ready: Promise<void>;
}

export const createEngineHost = (ports: EnginePorts, onNotice: (notice: EngineNotice) => void): EngineHost => {
  let engineHolding: Holding<Engine> | null = null;
  let decoderHolding: Holding<PixelDecoder> | null = null;

  const dropEngine = (): void => {
    void engineHolding?.value.dispose().catch(() => undefined);
    engineHolding = null;
  };
  const dropDecoder = (): void => {
    void decoderHolding?.value.dispose().catch(() => undefined);
    decoderHolding = null;
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
      return { engine: holding.value, info };
    },

    async decoder(folder, options) {
      if (decoderHolding?.key !== folder) {
        dropDecoder();
        const value = ports.createDecoder();
        decoderHolding = { key: folder, value, ready: value.load(ports.locate(folder), options) };
      }
      const holding = decoderHolding;
      try {
        await holding.ready;
      } catch (error) {
        if (decoderHolding === holding) dropDecoder();
        throw error;
      }
      return holding.value;
    },

    dropEngine,

    dispose() {
      dropEngine();
      dropDecoder();
    },
  };
};
