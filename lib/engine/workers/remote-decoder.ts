import { type DecodedImage, EngineError, toEngineError } from '@/lib/domain';
import type { Judgement, JudgeRequest } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import { RpcClient, type WorkerLink } from '@/lib/rpc';
import type { LoadProgress, PixelDecoder } from '../interface/engine';
import type { DecoderMethods } from './protocol';

/** Workers have a base of their own. */
const absolute = (model: ModelLocation): ModelLocation =>
  model.kind === 'url'
    ? { kind: 'url', url: new URL(model.url, (globalThis as { location?: Location }).location?.href).href }
    : model;

interface Running {
  readonly link: WorkerLink;
  readonly rpc: RpcClient<DecoderMethods>;
  /** A worker that was started for its judge has no pixel decoder yet. */
  hasDecoder: boolean;
}

/** The pixel decoder in a worker of its own, so that pictures never wait for a draw. A worker that dies is replaced once a call. */
export class WorkerDecoder implements PixelDecoder {
  #running: Running | null = null;
  #model: ModelLocation | null = null;
  #disposed = false;

  constructor(private readonly spawn: () => WorkerLink) {}

  async load(
    model: ModelLocation,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<void> {
    const located = absolute(model);
    await this.#start(located, options);
    this.#model = located;
  }

  async #start(
    model: ModelLocation,
    {
      signal,
      onProgress,
    }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void } = {},
  ): Promise<void> {
    const running = this.#ensure();
    await running.rpc.call('load', { model }, { signal, ...(onProgress && { onNotice: onProgress }) });
    running.hasDecoder = true;
  }

  #ensure() {
    if (this.#disposed) throw new EngineError('disposed');
    if (this.#running) return this.#running;
    const link = this.spawn();
    const rpc = new RpcClient<DecoderMethods>(link.endpoint);
    const running: Running = { link, rpc, hasDecoder: false };
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
        if (!this.#running?.hasDecoder) await this.#start(this.#model);
        return await this.#ensure().rpc.call('decode', { grids });
      } catch (error) {
        const { code } = toEngineError(error);
        if (attempt > 0 || code !== 'worker-crashed') throw error;
      }
    }
  }

  async judge(request: JudgeRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Judgement> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#ensure().rpc.call('judge', { ...request, judge: absolute(request.judge) }, { signal });
      } catch (error) {
        if (attempt > 0 || toEngineError(error).code !== 'worker-crashed') throw error;
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
