import { EngineError, namingMemory } from '@/lib/domain';
import type { Session } from './types';

/** What ONNX Runtime says of graphs that it will run nowhere, on no device. */
const REFUSED =
  /not a valid|invalid model|parse|schema|Unrecognized|No Op registered|Type Error|ShapeInference|initializer|external data|opset|IR version|node:|Graph::/i;
const NO_GRAPH = /protobuf/i;

/**
 * A new session of the graph in `file`, which takes `bytes` with its weights. Throws `model-damaged` for what is no graph, `model-refused` for a graph that the
 * runtime does not run, `out-of-memory` and whatever else went wrong, each naming the file.
 */
export async function openSession(file: string, bytes: number, create: () => Promise<Session>): Promise<Session> {
  try {
    return await create();
  } catch (thrown) {
    const error = namingMemory(thrown, file, bytes);
    if (error.code !== 'failed') throw error;
    const detail = String(error.data.detail);
    const code = NO_GRAPH.test(detail) ? 'model-damaged' : REFUSED.test(detail) ? 'model-refused' : 'failed';
    throw new EngineError(code, { file, detail }, { cause: thrown });
  }
}

/** Bytes of a graph and its weights. */
export const bytesOfGraph = (graph: Uint8Array, weights: readonly { readonly data: Uint8Array }[]): number =>
  weights.reduce((sum, { data }) => sum + data.length, graph.length);
