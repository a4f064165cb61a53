/** One pair on two models: four pictures from the same noise. */
export { browserPairDrawer } from './browser-pair-drawer';
export { createHeldOutRound, type Drawn, type HeldOutRound, type RoundState } from './held-out-round';
export type { PairDrawer } from './pair-drawer';
export { createVersus, type Versus, type VersusRow, type VersusState } from './versus';
