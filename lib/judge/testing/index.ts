/** A small judge with the scores that the Python one gives, for tests. */
export { judgeGolden, testJudge } from './test-judge';
