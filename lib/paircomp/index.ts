/** The PairComp benchmark: pairs, seeds, the run loop, scores with their intervals. */
export { CATEGORIES, type Category, categoryOf, inOrder, isOfPaper, shortName } from './categories';
export { type DrawId, drawKey, drawRequest, protocolSettings, tally, type Tally } from './draws';
export { type PictureId, pictureName } from './names';
export { choosePairs, type PairsFile, pairsText, parsePairs, pickOneOfEach, type PromptPair } from './pairs';
export { PUBLISHED, PUBLISHED_JUDGE, PUBLISHED_NOTE } from './published';
export { addDraw, addJudged, drawIn, emptyResults, type Results, scoreIn } from './results';
export { type LoopPorts, runLoop, runProblem } from './run-loop';
export type { RunStore } from './run-store';
export { type Draw, type Judged, judgeKey, type Run, type RunJudge, type RunModel } from './run-types';
export {
  bootstrapInPieces,
  bootstrapIntervals,
  type Interval,
  type Intervals,
  type Means,
  meansOf,
  RESAMPLES,
  type ScoredPair,
  summarize,
  type SummaryIntervals,
} from './scores';
export { formatScores, parseScores } from './scores-file';
export { drawSeed } from './seeds';
