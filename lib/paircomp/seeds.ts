import { hashWords } from './random';

/** Changes every seed of every run: never alter. */
const DOMAIN = 0x50434d50;

/**
 * The seed of a draw: both prompts of a pair, one picture each. A pure function, so order, pauses, limits and categories change nothing.
 * The prompt's own part in it is the noise stream: under independent coupling each side has its own stream of this seed (docs/noise.md).
 */
export const drawSeed = (runSeed: number, pair: number, image: number): number =>
  hashWords(DOMAIN, runSeed, pair, image);
