/** Tiny models with known numbers, and engines behind a channel, for tests. */
export { drawn } from './janus';
export { golden } from './tiny';
