export * from './types';
export type { ComparisonError, ComparisonErrorCode } from './errors';
export type { Result } from './result';
export { decodeComparison, encodeComparison } from './codec';
export { parseComparisonJson, toComparisonJson } from './json';
export { shortestFloat32 } from './float32';
export { decodeLink, encodeLink, LINK_CHARACTER_LIMIT } from './link';
export { drawnSteps } from './plain';
export { sameComparison } from './same';
