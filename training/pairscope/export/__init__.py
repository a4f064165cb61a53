"""From a run to what the playground loads: ONNX graphs, quantized weights, manifests, model and judge folders, golden files."""
