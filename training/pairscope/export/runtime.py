"""A pair drawn through `chunk.onnx` by onnxruntime on the CPU, as the engine does it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .reference import F32, PairPlan, Settings, draw_noise


class ChunkRuntime:
    """One session on a model folder's CPU graph."""

    def __init__(self, graph: Path, threads: int = 1, disable_quant_qdq: bool = True) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Without it onnxruntime would turn the weights' DequantizeLinear nodes into quantized kernels.
        options.add_session_config_entry("session.disable_quant_qdq", "1" if disable_quant_qdq else "0")
        self.session = onnxruntime.InferenceSession(str(graph), options, ["CPUExecutionProvider"])
        inputs = {value.name: value.shape for value in self.session.get_inputs()}
        self.codes = int(inputs["noise"][2])
        self.cache_names = [name for name in inputs if name.startswith("past_key_values.")]
        self.heads, self.head_size = inputs[self.cache_names[0]][1], inputs[self.cache_names[0]][3]
        self.output_names = [value.name for value in self.session.get_outputs()]

    def draw(
        self,
        plan: PairPlan,
        settings: Settings,
        steps: int,
        forced: NDArray[np.int64] | None = None,
        chunks: tuple[int, ...] = (1, 16),
    ) -> F32:
        """Statistics of every step, float32 [steps, 2, STATS]; the last of `chunks` repeats."""
        settings = settings.effective()
        lanes = len(plan.prefixes)
        empty = np.zeros((lanes, self.heads, 0, self.head_size), np.float32)
        feeds: dict[str, np.ndarray] = {name: empty for name in self.cache_names}
        feeds |= {
            "cond_lane": plan.cond_lane,
            "uncond_lane": plan.uncond_lane,
            "cross_lane": plan.cross_lane,
            "lane_side": plan.lane_side,
            "guidance": np.array([settings.guidance_weight], np.float32),
            "temperature": np.array([settings.temperature], np.float32),
            "top_k": np.array([settings.top_k or self.codes]),
            "top_p": np.array([settings.top_p], np.float32),
            "plausibility_log": np.array(
                [math.log(settings.plausibility) if settings.plausibility > 0 else -np.inf], np.float32
            ),
            "ids": plan.prefixes,
            "start": np.array([0]),
        }
        wish = np.full((steps, 2), -1) if forced is None else forced
        lines: list[F32] = []
        done = 0
        for index in range(steps):
            count = min(chunks[min(index, len(chunks) - 1)], steps - done)
            feeds["noise"] = draw_noise(settings, done, count, self.codes)
            feeds["forced"] = wish[done : done + count]
            out = dict(zip(self.output_names, self.session.run(None, feeds)))
            lines.append(out["stats"])
            # The loop has fed all but the last of the new tokens already.
            feeds["start"] = feeds["start"] + feeds["ids"].shape[1] + count - 1
            feeds["ids"] = out["next_ids"]
            for name in self.cache_names:
                feeds[name] = out[name.replace("past_key_values", "present")]
            done += count
            if done == steps:
                break
        return np.concatenate(lines)
