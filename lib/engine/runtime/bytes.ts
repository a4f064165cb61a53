import type { ExecutionProvider } from '@/lib/domain';

/** Sizes of the WebAssembly files, which progress counts before they arrive; a test compares them with the installed package. */
export const WASM_BYTES: Record<ExecutionProvider, number> = { wasm: 14_239_897, webgpu: 26_781_914 };
