import { EngineError } from '@/lib/domain';
import { RpcClient } from '@/lib/rpc';
import type { RemoteMethods } from './protocol';
import type { Remote } from './remote';

/** The page's way to other hosts; its worker starts when it is first asked. The bundler needs to see the constructor call as it is. */
export const createRemote = (): Remote => {
  let rpc: RpcClient<RemoteMethods> | null = null;
  const start = (): RpcClient<RemoteMethods> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const started = new RpcClient<RemoteMethods>(worker);
    worker.addEventListener('error', ({ message }) => {
      if (rpc === started) rpc = null;
      started.close(new EngineError('worker-crashed', { detail: message }));
    });
    return started;
  };
  return { ask: (request, { signal } = {}) => (rpc ??= start()).call('ask', request, { signal }) };
};
