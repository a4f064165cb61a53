/** One pair on two models: four pictures from the same noise. */
export { browserWorkshop } from './browser-workshop';
export { createHeldOutRound, type Drawn, type HeldOutRound, type RoundState } from './held-out-round';
export type { PairWorkshop } from './pair-workshop';
export { createVersus, type Versus, type VersusRow, type VersusState } from './versus';
