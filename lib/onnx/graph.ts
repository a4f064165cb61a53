import { GRAPH, MODEL, OPSET } from './proto';
import { MessageWriter } from './protobuf';
import { type Declared, valueInfo } from './value-info';

/** A GraphProto in the making; nodes and initializers as messages. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
}

export function graphMessage({ name, nodes, initializers = [], inputs, outputs }: Graph): MessageWriter {
  const graph = new MessageWriter();
  for (const node of nodes) graph.bytes(GRAPH.node, node);
  graph.text(GRAPH.name, name);
  for (const initializer of initializers) graph.bytes(GRAPH.initializer, initializer);
  for (const input of inputs) graph.bytes(GRAPH.input, valueInfo(input));
  for (const output of outputs) graph.bytes(GRAPH.output, valueInfo(output));
  return graph;
}

/** A ModelProto: a graph that stands alone. `opsets`: domain -> version. */
export function modelMessage(graph: Graph, irVersion: number, opsets: Iterable<readonly [string, number]>): Uint8Array {
  const model = new MessageWriter().varint(MODEL.irVersion, irVersion).message(MODEL.graph, graphMessage(graph));
  for (const [domain, version] of opsets)
    model.message(MODEL.opsetImport, new MessageWriter().text(OPSET.domain, domain).varint(OPSET.version, version));
  return model.done();
}
