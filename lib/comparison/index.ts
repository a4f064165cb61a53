/** The format of a comparison: its links, its JSON, and the trace of numbers by step. */
export type { ComparisonError } from './errors';
export { foundLinks, type Key, unwrapped } from './found-links';
export { parseComparisonJson, toComparisonJson } from './json';
export { decodeAllShared, decodeLink, decodeShared, encodeLink, encodeSheetLink, type Shared } from './link';
export { drawnSteps } from './plain';
export { roundedCrossScores } from './rounding';
export { sameComparison } from './same';
export type { ModelSheet } from './sheet';
export type { Trace } from './trace';
export { TraceBuilder } from './trace-builder';
export { arraysOf, itemsOf, mapSides, TRACE_MEMBERS, type TraceMember, type TraceMembers } from './trace-members';
export type { Comparison } from './types';
