/** For tests that write and read ONNX messages by hand. */
export { operatorOf } from '../operation';
export { upgraded } from '../opsets';
export { MessageWriter } from '../protobuf';
export { graphOfSize, withWeightsAt } from './changes';
