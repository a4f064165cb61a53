import { link, WorkerClient } from '@/lib/rpc';
import type { RemoteMethods } from './protocol';
import type { Remote } from './remote';

/** The page's way to other hosts; its worker starts when it is first asked. The bundler needs to see the constructor call as it is. */
export const createRemote = (): Remote => {
  const worker = new WorkerClient<RemoteMethods>(() =>
    link(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })),
  );
  return { ask: (request, options) => worker.call('ask', request, options) };
};
