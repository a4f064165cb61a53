import { type Endpoint, serve } from '@/lib/rpc';
import { LocalEngine } from '../local-engine';
import type { LocalEngineOptions, Runtime } from '../runtime/runtime';
import type { EngineMethods } from './protocol';

export interface ServeOptions {
  readonly loseDevice?: () => void;
  /** Runs the throwing function outside all handlers. */
  readonly crash?: (fault: () => never) => void;
}

/** Offers an engine at one end of a message channel: what every engine worker does. */
export function serveEngine(
  endpoint: Endpoint,
  runtime: Runtime,
  files: LocalEngineOptions,
  options: ServeOptions = {},
): void {
  let onNotStored: () => void = () => undefined;
  const engine = new LocalEngine(runtime, {
    ...files,
    onNotStored: () => {
      onNotStored();
    },
  });
  serve<EngineMethods>(endpoint, {
    load: {
      call: ({ model }, { signal, notify }) => {
        onNotStored = () => {
          notify({ kind: 'not-stored' });
        };
        return engine.load(model, {
          signal,
          onProgress: (progress) => {
            notify({ kind: 'progress', progress });
          },
          onTokenizer: (busy) => {
            notify({ kind: 'tokenizer', busy });
          },
        });
      },
    },
    draw: {
      stream: (request, { signal }) => engine.drawRaw(request, { signal }),
      transfer: ({ stats }) => [stats.buffer],
    },
    crossScores: { call: (request, { signal }) => engine.crossScores(request, { signal }) },
    readPrompts: {
      // eslint-disable-next-line @typescript-eslint/require-await -- what it throws becomes the rejection
      call: async ({ prompts }) => engine.readPrompts(prompts),
    },
    takeRows: {
      call: ({ ids, data }) => {
        engine.takeRows(ids, data);
        return Promise.resolve(undefined);
      },
    },
    dispose: {
      call: async () => {
        await engine.dispose();
        return undefined;
      },
    },
    loseDevice: {
      call: () => {
        options.loseDevice?.();
        return Promise.resolve(undefined);
      },
    },
    crash: {
      call: () => {
        const run = options.crash ?? ((fault) => setTimeout(fault, 0));
        run(() => {
          throw new Error('A fault for a test.');
        });
        return Promise.resolve(undefined);
      },
    },
  });
}
