/** Runs of the benchmark on the page. */
export { browserPaircompPorts } from './browser-ports';
export { readEndpoint } from './endpoint-memory';
export { AUTHORS_HOST, fetchBuiltIn, readPairsFile } from './pair-sources';
export { createPaircompController, type PaircompController } from './paircomp-controller';
export { createPaircompStore, type JudgeChoice, type PaircompState, rowPairs, tallyOf } from './paircomp-state';
