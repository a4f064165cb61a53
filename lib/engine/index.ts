export * from './types';
export { describe, EngineError, ERROR_CODES, toEngineError, type ErrorCode, type ErrorData } from './errors';
export { checkSettings, SETTINGS_RANGES, type SettingsProblems } from './settings';
