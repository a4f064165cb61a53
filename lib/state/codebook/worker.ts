import type { Answer, Asked } from './client';
import { patchVectors } from './patch-vectors';

self.addEventListener('message', ({ data: { png, codes } }: MessageEvent<Asked>) => {
  let answer: Answer;
  try {
    answer = { vectors: patchVectors(png, codes) };
  } catch (error) {
    answer = { error: String(error) };
  }
  self.postMessage(answer, { transfer: 'vectors' in answer ? [answer.vectors.centroids.buffer] : [] });
});
