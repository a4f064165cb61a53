/** The mathematics of a comparison: cross scores, divergences, differing tokens and pixels, and their summary. */
export { PATCH_SIZE, patchOrigin } from './atlas';
export { type Finding, findingOf, isEverywhere } from './finding';
export { findingSentence, findingWords, type FindingWords } from './finding-words';
export { diffImages } from './image-diff';
export { contours } from './regions';
export { summarise } from './summary';
export {
  cellKind,
  type CellKind,
  type CodebookVectors,
  codeDistance,
  differingSteps,
  diffTokens,
  firstSplit,
  type TokenDifference,
} from './token-diff';
