import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reasonOf } from './runtime-message';

const BUILD = '/mnt/azure_nvme_temp/_work/1/s/onnxruntime/core';

describe('the reason in a message of the runtime', () => {
  test.each([
    [
      `Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: ${BUILD}/graph/model.cc:203 onnxruntime::Model::Model(ModelProto &&, const PathString &, const IOnnxRuntimeOpSchemaRegistryList *, const logging::Logger &, const ModelOptions &) Unsupported model IR version: 14, max supported IR version: 13\n`,
      'Unsupported model IR version: 14, max supported IR version: 13',
    ],
    [
      `Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: ${BUILD}/optimizer/initializer.cc:51 onnxruntime::Initializer::Initializer(const onnx::TensorProto &, const std::filesystem::path &) [ONNXRuntimeError] : 1 : FAIL : Failed to load external data file ""a.data"", error: Module.MountedFiles is not available.`,
      'Failed to load external data file ""a.data"", error: Module.MountedFiles is not available',
    ],
    [
      `Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: Deserialize tensor w failed.tensorprotoutils.cc:597 GetExternalDataInfo TensorProto: w external data size mismatch. Computed size: 1200, external_data.length: 12`,
      'Deserialize tensor w failed. TensorProto: w external data size mismatch. Computed size: 1200, external_data.length: 12',
    ],
    [
      `failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: ${BUILD}/providers/cpu/math/element_wise_ops.h:563 void onnxruntime::BroadcastIterator::Init(ptrdiff_t, ptrdiff_t) axis == 1 || axis == largest was false. Attempting to broadcast an axis by a dimension other than 1. 2 by 3`,
      'axis == 1 || axis == largest was false. Attempting to broadcast an axis by a dimension other than 1. 2 by 3',
    ],
    [
      `failed to call OrtRun(). ERROR_CODE: 2, ERROR_MESSAGE: ${BUILD}/framework/op_kernel.cc:83 virtual OrtValue *onnxruntime::OpKernelContext::OutputMLValue(int, const TensorShape &) [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Tensor shape is too large`,
      'Tensor shape is too large',
    ],
    [
      `Error in C:\\a\\_work\\1\\s\\onnxruntime\\core\\graph\\graph.cc:12 onnxruntime::(anonymous namespace)::f<int>(std::function<void (int)>)const::(anonymous class)::operator()(int) const [with T = float] no kernel`,
      'Error in no kernel',
    ],
    ['no available backend found. ERR: [wasm] TypeError: Failed to fetch', 'Failed to fetch'],
    ['the pixel decoder gave no picture', 'the pixel decoder gave no picture'],
    ['onnx/gen_head.onnx (a file) is gone.', 'onnx/gen_head.onnx (a file) is gone'],
  ])('%#', (message, reason) => {
    expect(reasonOf(message)).toBe(reason);
  });

  test('has no source line and no line break, and takes no long time, whatever was thrown', () => {
    const part = fc.constantFrom(
      `${BUILD}/a.cc:1 `,
      'b.h:22 ',
      'void f(',
      'x::y(int, z<w> &)',
      ')',
      '(',
      ' a ',
      '::',
      '\n',
      'ERROR_MESSAGE: ',
      '[with T = int]',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const reason = reasonOf(parts.join(''));
        expect(reason).not.toMatch(/\.(?:cc|h):\d+ |\n/);
        expect(reason.length).toBeLessThanOrEqual(300);
      }),
    );
    for (const filler of ['a', '/', '(', ' ', 'a::', 'a.cc:1 ', 'a ', '[with ']) reasonOf(filler.repeat(300_000));
  });
});
