/** Comparisons for tests: one sample, and arbitrary ones for property tests. */
export { sampleComparison } from './sample';
