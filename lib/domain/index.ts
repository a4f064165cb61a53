/** The words that three folders or more use: sides and pairs, sampling settings, steps, pictures, provenance, errors and results. No input or output. */
export { counted, listed } from './counting-words';
export {
  describe,
  type Doing,
  EngineError,
  type ErrorCode,
  type ErrorData,
  fromWire,
  namingMemory,
  throwIfAborted,
  toEngineError,
  toWire,
  type WireError,
} from './errors';
export { shortestFloat32 } from './float32';
export { ModelError, type ModelErrorData, throwModelErrorIfAborted } from './model-errors';
export { type Pair, pairOf, type Side } from './pair';
export { PairCompError } from './paircomp-error';
export type { DecodedImage, Grid } from './picture';
export type { ExecutionProvider, Provenance } from './provenance';
export { failure, type Result, success } from './result';
export {
  checkSettings,
  type Coupling,
  FIRST_SETTINGS,
  NEUTRAL_SETTINGS,
  type NumericSetting,
  type SamplingSettings,
  SETTINGS_RANGES,
} from './sampling';
export { type SideStep, type StepEvent, TOP_COUNT } from './steps';
