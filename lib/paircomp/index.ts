export { CATEGORIES, categoryOf, isCategory, shortName, type Category } from './categories';
export { drawKey, drawRequest, protocolSettings, tally, type DrawId, type Tally } from './draws';
export { EMBEDDED_JUDGE, embeddedJudge } from './embedded-judge';
export {
  ENDPOINT_JUDGE,
  endpointJudge,
  endpointUrl,
  readAnswer,
  sleep,
  type Endpoint,
  type EndpointOptions,
} from './endpoint-judge';
export { counted, listed, PairCompError } from './errors';
export { JANUS_JUDGE, janusJudge } from './janus-judge';
export {
  assertOneJudge,
  question,
  sameJudge,
  scoreOfFirstTokens,
  YES_NO,
  type JudgedPicture,
  type JudgeId,
  type PairCompJudge,
  type Score,
} from './judges';
export { parsePictureName, pictureName, type PictureId } from './names';
export {
  choosePairs,
  MAX_PAIRS,
  pairsText,
  parsePairs,
  pickOneOfEach,
  type Choice,
  type PairsFile,
  type PromptPair,
} from './pairs';
export { PUBLISHED, PUBLISHED_JUDGE, PUBLISHED_NOTE, PUBLISHED_SOURCE, type PublishedRow } from './published';
export {
  bootstrapInPieces,
  bootstrapIntervals,
  meansOf,
  RESAMPLES,
  summarize,
  type CategoryMeans,
  type Interval,
  type Intervals,
  type Means,
  type ScoredPair,
  type Summary,
  type SummaryIntervals,
} from './scores';
export { formatScores, parseScores, scorePlace, type ScoresFile, type ScoresShape } from './scores-file';
export { drawSeed } from './seeds';
