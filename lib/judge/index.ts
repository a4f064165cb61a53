export { ClaimParser, UnreadableCaption, type Claim, type Group, type Relation } from './claims';
export { EmbeddedJudge, type Judge, type JudgeSession } from './judge';
export { parseJudgeLabels, type JudgeLabels, type JudgeVocabulary } from './labels';
