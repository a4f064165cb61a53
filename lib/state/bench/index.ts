/** The bench: the comparison on screen, the engine behind it, and what is typed. */
export { type BenchController, createBenchController } from './bench-controller';
export { createBenchStore } from './bench-store';
export {
  activeStep,
  type BenchActions,
  type BenchState,
  type BenchStore,
  type BenchStoreState,
  type DifferenceView,
  differenceViews,
  FIRST_VIEW,
  type Frame,
  type RunStatus,
  sideOf,
  type ViewSide,
} from './bench-types';
export type { EnginePorts, WithEngine } from './engine-host';
export {
  cursorStart,
  differencesToWalk,
  findingOnScreen,
  findingSoFar,
  framedSteps,
  lockNextDifference,
} from './finding';
export { comparisonOf, createLiveFrame, frameOf } from './live-frame';
export { createSessionStore, isStale, type SessionStore } from './session-store';
export type { SessionState, Source, UnreadableLink } from './session-types';
export { draftOf, parseDraft, type SettingsDraft, stepSetting, type TypedSetting } from './settings-text';
export { isTyping } from './typing';
export { pointAt, setShownView, type ViewState, viewStateOf } from './view-state';
