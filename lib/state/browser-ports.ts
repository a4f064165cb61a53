import { createEngine, createPixelDecoder } from '../engine';
import type { EnginePorts } from './engine-host';
import { fetchCatalogue, locateModel } from './model-files';

/** The engine and the files as this browser has them. */
export const browserPorts: EnginePorts = {
  createEngine: (prefer, onNotice) => createEngine({ prefer, onNotice }),
  createDecoder: createPixelDecoder,
  defaultModel: async (signal) => (await fetchCatalogue(signal)).default,
  locate: locateModel,
};
