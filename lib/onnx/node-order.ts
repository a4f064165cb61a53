import { ATTRIBUTE, GRAPH, NODE } from './proto';
import { fieldsOf, textOf } from './protobuf';
import { Unfusable } from './unfusable';

/** As deep as protobuf's own readers go. */
const MAX_DEPTH = 100;

/** The values that a node reads, those that bodies of its loops and branches read from around them included. */
function readsOf(node: Uint8Array, into: Set<string> = new Set(), depth = 0): Set<string> {
  if (depth > MAX_DEPTH) throw new RangeError('its messages are nested too deeply');
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === NODE.input) into.add(textOf(bytes));
    if (number !== NODE.attribute) continue;
    for (const part of fieldsOf(bytes)) {
      if (part.number !== ATTRIBUTE.g && part.number !== ATTRIBUTE.graphs) continue;
      for (const inGraph of fieldsOf(part.bytes))
        if (inGraph.number === GRAPH.node) readsOf(inGraph.bytes, into, depth + 1);
    }
  }
  return into;
}

/** Without those that it leaves out, which have no name. */
const outputsOf = (node: Uint8Array): readonly string[] =>
  [...fieldsOf(node)]
    .filter(({ number, bytes }) => number === NODE.output && bytes.length > 0)
    .map(({ bytes }) => textOf(bytes));

/**
 * The same nodes, each behind those whose values it reads; in their own order otherwise. ONNX Runtime sorts a main graph and no body of a
 * loop, and onnxruntime-genai's builder leaves nodes unsorted. Throws `Unfusable` where they read one another in a circle.
 */
export function inOrder(nodes: readonly Uint8Array[]): readonly Uint8Array[] {
  const makers = new Map(nodes.flatMap((node, index) => outputsOf(node).map((name) => [name, index] as const)));
  // Taken from the end, so that what is read first comes first.
  const needs = nodes.map((node) => [...readsOf(node)].flatMap((name) => makers.get(name) ?? []).reverse());
  const order: Uint8Array[] = [];
  const state = new Map<number, 'open' | 'placed'>();
  for (let first = 0; first < nodes.length; first++) {
    // A stack of our own: chains of nodes are longer than calls may be nested.
    const stack = state.has(first) ? [] : [first];
    while (stack.length > 0) {
      const index = stack.at(-1) as number;
      state.set(index, 'open');
      const needed = needs[index]?.pop();
      if (needed === undefined) {
        order.push(nodes[index] as Uint8Array);
        state.set(index, 'placed');
        stack.pop();
      } else if (state.get(needed) === 'open') throw new Unfusable('its nodes read one another in a circle');
      else if (!state.has(needed)) stack.push(needed);
    }
  }
  return order;
}
