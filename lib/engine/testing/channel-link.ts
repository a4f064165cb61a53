import { EngineError, type ExecutionProvider } from '@/lib/domain';
import type { WorkerLink } from '@/lib/rpc';
import { cpuHubRuntime } from '../layouts/hub/runtime';
import { nodeFiles, nodeRuntime } from '../node';
import type { Runtime } from '../runtime/runtime';
import { serveEngine } from '../workers/serve-engine';

interface ChannelOptions {
  /** What the runtime says; one thread draws. */
  readonly threads?: number;
  /** Slows every chunk down. */
  readonly chunkMs?: number;
  /** Changes what is drawn, as a fault of threads would. */
  readonly altered?: boolean;
  readonly failToStart?: boolean;
  /** Sessions fail as where memory runs out: with a bare number. */
  readonly outOfMemory?: boolean;
  /** Loses the device by itself once so many chunks have been computed, the one of the load included. */
  readonly chunksUntilLost?: number;
}

/**
 * A worker's protocol without the worker: the serving end runs in this thread, behind a message channel. It can lose its device and
 * crash as a worker does. The CPU stands in for the GPU, which Node does not have.
 */
export function channelLink(executionProvider: ExecutionProvider, options: ChannelOptions = {}): WorkerLink {
  const { port1, port2 } = new MessageChannel();
  const crashed: ((reason: string) => void)[] = [];
  let deviceLost = false;
  let chunks = 0;
  const runtime: Runtime = {
    ...nodeRuntime,
    executionProvider,
    threads: options.threads ?? 1,
    hub: (ort) => {
      const own = cpuHubRuntime(ort);
      const onGpu =
        executionProvider === 'webgpu'
          ? ({ executionProvider, joinsGraphs: false, chunk: 'row', inFlight: 2 } as const)
          : {};
      return Promise.resolve({
        ...own,
        ...onGpu,
        ...(options.outOfMemory && {
          createSession: () => {
            // eslint-disable-next-line @typescript-eslint/only-throw-error -- what C++ exceptions look like from outside
            throw 180098464;
          },
        }),
        run: (session, feeds) => {
          if (deviceLost) return Promise.reject(new EngineError('device-lost'));
          return own.run(session, feeds);
        },
        readBack: (tensors) => {
          if (chunks++ === options.chunksUntilLost) deviceLost = true;
          return deviceLost ? Promise.reject(new EngineError('device-lost')) : own.readBack(tensors);
        },
      });
    },
    createBackend: async (ort, files) => {
      if (options.failToStart) throw new EngineError('no-adapter');
      const backend = await nodeRuntime.createBackend(ort, files);
      return {
        ...backend,
        start: (plan) => {
          const run = backend.start(plan);
          return {
            schedule: run.schedule,
            enqueue: async (firstStep, steps) => {
              const stats = await (await run.enqueue(firstStep, steps))?.stats;
              if (options.chunkMs) await new Promise((resolve) => setTimeout(resolve, options.chunkMs));
              if (options.altered && stats) stats[0] = ((stats[0] ?? 0) + 1) % 64;
              if (deviceLost || chunks++ === options.chunksUntilLost) throw new EngineError('device-lost');
              return stats ? { stats: Promise.resolve(stats) } : null;
            },
            release: () => {
              run.release();
            },
          };
        },
      };
    },
  };
  serveEngine(port2, runtime, nodeFiles, {
    loseDevice: () => {
      deviceLost = true;
    },
    crash: () => {
      for (const listener of crashed) listener('a fault for a test');
    },
  });
  port1.start();
  port2.start();
  return {
    endpoint: port1,
    onCrash: (listener) => crashed.push(listener),
    terminate: () => {
      port1.close();
      port2.close();
    },
  };
}
