"""Janus checkpoints as ONNX: random tiny ones for tests, the hub's separate files, the fused graphs, golden draws."""
