/** A file, or an answer, of the benchmark that cannot be used at all; the message is one sentence. */
export class PairCompError extends Error {
  override readonly name = 'PairCompError';
}
