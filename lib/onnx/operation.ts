import { ATTRIBUTE, ATTRIBUTE_TYPE, domainOf, NODE } from './proto';
import { fieldsOf, floatOf, lastOf, MessageWriter, textOf } from './protobuf';

/** Of a node: an integer, a float, a list of integers, or a graph. */
export type Attribute = number | { readonly float: number } | readonly number[] | MessageWriter;

/** An AttributeProto. */
export function attribute(name: string, value: Attribute): MessageWriter {
  const out = new MessageWriter().text(ATTRIBUTE.name, name);
  if (typeof value === 'number') return out.varint(ATTRIBUTE.i, value).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  if (value instanceof MessageWriter)
    return out.message(ATTRIBUTE.g, value).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.graph);
  if ('float' in value) return out.float(ATTRIBUTE.f, value.float).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  for (const each of value) out.varint(ATTRIBUTE.ints, each);
  return out.varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
}

/** A NodeProto, named after its first output. */
export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): Uint8Array {
  const out = new MessageWriter();
  for (const input of inputs) out.text(NODE.input, input);
  for (const output of outputs) out.text(NODE.output, output);
  out.text(NODE.name, outputs[0] ?? type).text(NODE.opType, type);
  for (const [name, value] of Object.entries(attributes)) out.message(NODE.attribute, attribute(name, value));
  if (domain !== '') out.text(NODE.domain, domain);
  return out.done();
}

/** What kind of node it is. */
export function operatorOf(node: Uint8Array): { readonly type: string; readonly domain: string } {
  return { type: textOf(lastOf(node, NODE.opType)), domain: domainOf(textOf(lastOf(node, NODE.domain))) };
}

/** A node as far as it is understood: of its attributes, those that are one number. */
export interface NodeParts {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, number>;
}

export function readNode(node: Uint8Array): NodeParts {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, number>();
  let type = '';
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === NODE.input) inputs.push(textOf(bytes));
    if (number === NODE.output) outputs.push(textOf(bytes));
    if (number === NODE.opType) type = textOf(bytes);
    if (number !== NODE.attribute) continue;
    const name = textOf(lastOf(bytes, ATTRIBUTE.name));
    for (const part of fieldsOf(bytes)) {
      if (part.number === ATTRIBUTE.f) attributes.set(name, floatOf(part));
      if (part.number === ATTRIBUTE.i) attributes.set(name, part.value);
    }
  }
  return { type, inputs, outputs, attributes };
}
