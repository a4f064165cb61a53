import { EngineError, toEngineError } from './errors';
import type { DecoderMethods } from './protocol';
import { RpcClient, type WorkerLink } from './rpc';
import type { DecodedImage, LoadProgress, ModelLocation, PixelDecoder } from './types';

/** The pixel decoder in a worker of its own, so that pictures never wait for a draw. A worker that dies is replaced once a call. */
export class WorkerDecoder implements PixelDecoder {
  #running: { readonly link: WorkerLink; readonly rpc: RpcClient<DecoderMethods> } | null = null;
  #model: ModelLocation | null = null;
  #disposed = false;

  constructor(private readonly spawn: () => WorkerLink) {}

  async load(
    model: ModelLocation,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<void> {
    const here = (globalThis as { location?: Location }).location?.href;
    const absolute: ModelLocation = model.kind === 'url' ? { kind: 'url', url: new URL(model.url, here).href } : model;
    await this.#start(absolute, options);
    this.#model = absolute;
  }

  async #start(
    model: ModelLocation,
    { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<void> {
    const { rpc } = this.#ensure();
    await rpc.call('load', { model }, { signal, ...(onProgress && { onNotice: onProgress }) });
  }

  #ensure() {
    if (this.#disposed) throw new EngineError('disposed');
    if (this.#running) return this.#running;
    const link = this.spawn();
    const rpc = new RpcClient<DecoderMethods>(link.endpoint);
    const running = { link, rpc };
    link.onCrash((detail) => {
      if (this.#running === running) this.#running = null;
      link.terminate();
      rpc.close(new EngineError('worker-crashed', { detail }));
    });
    this.#running = running;
    return running;
  }

  async decode(grids: readonly Int32Array[]): Promise<DecodedImage[]> {
    for (let attempt = 0; ; attempt++) {
      if (this.#disposed) throw new EngineError('disposed');
      if (!this.#model) throw new EngineError('not-loaded');
      try {
        if (!this.#running) await this.#start(this.#model);
        return await this.#ensure().rpc.call('decode', { grids });
      } catch (error) {
        const { code } = toEngineError(error);
        if (attempt > 0 || code !== 'worker-crashed') throw error;
      }
    }
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    const running = this.#running;
    this.#running = null;
    running?.rpc.close(new EngineError('disposed'));
    running?.link.terminate();
    return Promise.resolve();
  }
}
