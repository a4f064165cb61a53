import { domainOf, OPSET } from './proto';
import { fieldsOf, textOf } from './protobuf';

/** Reads an OperatorSetIdProto: a domain of operators, '' for ONNX's own, and its version. Throws RangeError where it is none. */
export function readOpset(data: Uint8Array): readonly [domain: string, version: number] {
  let domain = '';
  let version = 0;
  for (const { number, value, bytes } of fieldsOf(data)) {
    if (number === OPSET.domain) domain = textOf(bytes);
    if (number === OPSET.version) version = value;
  }
  return [domainOf(domain), version];
}
