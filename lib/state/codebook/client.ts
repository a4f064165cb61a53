import type { patchVectors } from './patch-vectors';

type Vectors = ReturnType<typeof patchVectors>;

export interface Asked {
  readonly png: Uint8Array<ArrayBuffer>;
  readonly codes: number;
}

export type Answer = { readonly vectors: Vectors } | { readonly error: string };

/** `patchVectors` in a worker that ends with its answer. */
export const readPatchVectors = async (asked: Asked): Promise<Vectors> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        resolve(data);
      });
      worker.addEventListener('error', ({ message }) => {
        reject(new Error(message));
      });
      worker.postMessage(asked);
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.vectors;
  } finally {
    worker.terminate();
  }
};
