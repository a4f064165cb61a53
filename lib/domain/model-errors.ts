/** What can go wrong with a model's files. The engine's own error codes contain these. */
export type ModelErrorCode =
  | 'model-missing'
  | 'model-truncated'
  | 'model-altered'
  | 'model-damaged'
  | 'model-too-new'
  | 'model-pointer'
  | 'model-no-onnx'
  | 'model-outside'
  | 'model-unknown'
  | 'model-architecture'
  | 'model-vocabulary'
  | 'model-mismatch'
  | 'hub-unknown'
  | 'no-permission'
  | 'server-busy'
  | 'not-listed'
  | 'network'
  | 'aborted';

export interface ModelErrorData {
  readonly file?: string;
  readonly model?: string;
  /** Of a hub's repository, where that is what was asked for. */
  readonly revision?: string;
  readonly expectedBytes?: number;
  readonly receivedBytes?: number;
  readonly detail?: string;
}

/** A model file that cannot be had or trusted; `data.file` names it. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelErrorCode,
    readonly data: ModelErrorData = {},
    options?: ErrorOptions,
  ) {
    super([code, data.file ?? data.model, data.detail].filter(Boolean).join(': '), options);
  }
}

/** Turns what an aborted signal throws into the model code for it; anything else stays. */
export function throwModelErrorIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ModelError('aborted', {}, { cause: signal.reason });
}
