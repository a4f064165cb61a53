export * from './types';
export { probeCapabilities, type CapabilityProblem, type CapabilityReport } from './capabilities';
export { createEngine, createPixelDecoder } from './create';
export { describe, EngineError, ERROR_CODES, toEngineError, type ErrorCode, type ErrorData } from './errors';
export { liveSource, recordedSource, type Recorded } from './recording';
export { rerun, type Replayable, type RerunReport, type RerunSide } from './rerun';
export { checkSettings, SETTINGS_RANGES, type SettingsProblems } from './settings';
export type { EngineNotice, Preference, WorkerEngine } from './worker-engine';
export type { WorkerDecoder } from './worker-decoder-client';
