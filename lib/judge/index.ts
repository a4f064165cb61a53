/** Judges of pictures: embedded, an endpoint, or a Janus; how a caption is read, and what a verdict says. */
export { embeddedJudge } from './embedded';
export { type Endpoint, endpointJudge, endpointUrl, sleep } from './endpoint';
export { janusJudge } from './janus';
export { EmbeddedJudge } from './judge';
export {
  type JudgedPicture,
  type JudgeId,
  type PairCompJudge,
  question,
  sameJudge,
  type Score,
  scoreOfFirstTokens,
  YES_NO,
} from './judges';
export { type JudgeLabels, parseJudgeLabels } from './labels';
export type {
  CaptionScores,
  Judgement,
  JudgeRequest,
  PictureJudge,
  PictureReader,
  ReadingRequest,
  WordProbabilities,
} from './types';
export { judgedPair, type JudgedPair, judgeFor, type Outcome, OUTCOME_WORDS, RIGHT, verdict } from './verdict';
