import { type DecodedImage, EngineError, toEngineError } from '@/lib/domain';
import type { Judgement, JudgeRequest } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import { type RpcClient, WorkerClient, type WorkerLink } from '@/lib/rpc';
import type { LoadProgress, TokenReader } from '../interface/engine';
import { absolute } from './absolute';
import { PICTURES_MS, STOPPING, tooSlow } from './limits';
import type { DecoderMethods } from './protocol';

interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** The pixel decoder in a worker of its own, so that pictures never wait for a draw. A worker that dies is replaced once a call. */
export class RemoteDecoder implements TokenReader {
  readonly #worker: WorkerClient<DecoderMethods>;
  #model: ModelLocation | null = null;
  /** The worker that holds the model: one that was started for its judge has no pixel decoder yet. */
  #loadedIn: RpcClient<DecoderMethods> | null = null;

  /** Pictures that take longer than `picturesMs` are given up. */
  constructor(
    spawn: () => WorkerLink,
    private readonly picturesMs = PICTURES_MS,
  ) {
    this.#worker = new WorkerClient(spawn, STOPPING);
  }

  async load(model: ModelLocation, options: LoadOptions = {}): Promise<void> {
    const located = absolute(model);
    await this.#load(located, options);
    this.#model = located;
  }

  async #load(model: ModelLocation, { signal, onProgress }: LoadOptions = {}): Promise<void> {
    const rpc = await this.#worker.ready(signal);
    await rpc.call('load', { model }, { signal, ...(onProgress && { onNotice: onProgress }) });
    this.#loadedIn = rpc;
  }

  decode(grids: readonly Int32Array[]): Promise<DecodedImage[]> {
    return this.#twice(async () => {
      const model = this.#model;
      if (!model) throw new EngineError(this.#worker.disposed ? 'disposed' : 'not-loaded');
      const rpc = await this.#worker.ready();
      if (rpc !== this.#loadedIn) await this.#load(model);
      const watch = this.#worker.watch();
      watch.start(this.picturesMs, tooSlow('Decoding the picture', this.picturesMs));
      return watch.during(rpc.call('decode', { grids }));
    });
  }

  judge(request: JudgeRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Judgement> {
    const judge = absolute(request.judge);
    return this.#twice(() => this.#worker.call('judge', { ...request, judge }, { signal }));
  }

  /** Once more where the worker crashed meanwhile. */
  async #twice<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (toEngineError(error).code !== 'worker-crashed') throw error;
      return call();
    }
  }

  dispose(): Promise<void> {
    this.#worker.dispose();
    return Promise.resolve();
  }
}
