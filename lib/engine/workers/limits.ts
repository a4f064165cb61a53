import { EngineError } from '@/lib/domain';
import type { WorkerClientOptions } from '@/lib/rpc';

/** A worker that computes when it is stopped ends what it is at, a few tokens as a rule; one that takes longer is replaced, and its model loaded anew. */
export const STOPPING: WorkerClientOptions = { patienceMs: 10_000 };

/** A tokenizer of 100,000 tokens is read in two seconds, prompts in milliseconds; a pattern that is made to may take for ever. */
export const TOKENIZER_MS = 20_000;

/** Slow processors decode a large picture in a minute. */
export const PICTURES_MS = 10 * 60_000;

/** How long something took that was ended for it. `what` begins a sentence. */
export const tooSlow = (what: string, ms: number) => (): EngineError =>
  new EngineError('too-slow', { what, seconds: Math.round(ms / 1000) });

export const tokenizerTooSlow = (ms: number) => tooSlow('Reading prompts as tokenizer.json says', ms);
