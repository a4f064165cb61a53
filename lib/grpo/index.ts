/** What the reinforcement learning experiment found, read from its report. */
export {
  differenceOf,
  type GroupPicture,
  type GrpoReport,
  type Measure,
  MEASURES,
  type Method,
  methodOfRun,
  METHODS,
  parseGrpoReport,
} from './report';
export { claim, differenceSentence, measureNames, methodNames, outcome, points, range, seedsOf } from './words';
