export { PATCH_SIZE, patchOrigin } from './atlas';
export {
  crossScoreConcentration,
  crossScoreMagnitudes,
  crossScoreTotals,
  type CrossScoreConcentration,
} from './cross-score';
export { entropyBits, jensenShannonBits, kullbackLeiblerBits, totalVariation } from './divergence';
export { diffImages, type ImageDifference } from './image-diff';
export { selfTest, type SelfTest } from './self-test';
export { summarise, type Summarisable, type Summary } from './summary';
export {
  cellKind,
  codeDistance,
  diffTokens,
  DISTRIBUTION_THRESHOLD_BITS,
  firstSplit,
  type CellKind,
  type CodebookVectors,
  type TokenDifference,
} from './token-diff';
export {
  describeDiff,
  describeEdit,
  diffPrompts,
  type EditKind,
  type NamedEdit,
  type PromptDiff,
  type PromptSegment,
} from './prompt-diff';
export type { Range } from './prompt-words';
export type { Subject } from './lexicon';
