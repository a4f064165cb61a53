import type { ErrorCode } from '@/lib/domain';

/** Things that happened to a load or a draw without ending it. */
export type EngineNotice =
  /** The GPU cannot be used (any more); the processor draws instead. */
  | { readonly kind: 'fallback'; readonly code: ErrorCode; readonly message: string; readonly hint: string }
  /** The device or the worker was lost and replaced; the draw goes on from this step. */
  | { readonly kind: 'recovered'; readonly code: ErrorCode; readonly fromStep: number }
  /** The model could not be kept in the browser's storage. */
  | { readonly kind: 'storage'; readonly message: string; readonly hint: string };
