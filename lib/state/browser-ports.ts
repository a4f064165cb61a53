import { EngineError } from '../engine';
import type { EnginePorts } from './engine-host';
import { fetchCatalogue, locateModel } from './model-files';

/** The engine and the files as this browser has them. */
export const browserPorts: EnginePorts = {
  createEngine: () => {
    throw new EngineError('no-webgpu');
  },
  createDecoder: () => {
    throw new EngineError('no-webgpu');
  },
  defaultModel: async (signal) => (await fetchCatalogue(signal)).default,
  locate: locateModel,
};
