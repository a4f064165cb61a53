export * from './types';
export { TraceBuilder } from './builder';
