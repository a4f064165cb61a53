"""From a checkpoint to a model folder: ONNX graphs, shared quantized weights, manifest, golden files."""
