/** Reads codebooks away from the page, which it would hold up. */
import { patchVectors } from './patch-vectors';
import type { Asked, Answer } from './client';

self.addEventListener('message', ({ data: { png, codes } }: MessageEvent<Asked>) => {
  let answer: Answer;
  try {
    answer = { vectors: patchVectors(png, codes) };
  } catch (error) {
    answer = { error: String(error) };
  }
  self.postMessage(answer, { transfer: 'vectors' in answer ? [answer.vectors.centroids.buffer] : [] });
});
