"""A fused folder run by onnxruntime on the CPU, both graphs: what the engine does with them, for the self-check."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pairscope.export.reference import F32, Settings, draw_noise

from .special_tokens import frame

I64 = NDArray[np.int64]
SIDES, LANES = (0, 0, 1, 1, 0, 1), (0, 1, 2, 3, 2, 0)


class FusedRuntime:
    """Prompts, embeddings and the session of one of the graphs."""

    def __init__(self, folder: Path, graph: str) -> None:
        self.manifest = json.loads((folder / "manifest.json").read_text())
        m = self.manifest
        self.is_step = graph == "step"
        table = m["textEmbeddings"]
        self.embeddings = np.memmap(
            folder / "text-embeddings.bin", dtype=table["type"], mode="r", shape=(table["rows"], table["columns"])
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self.session = onnxruntime.InferenceSession(str(folder / f"{graph}.onnx"), options, ["CPUExecutionProvider"])
        self.outputs = [v.name for v in self.session.get_outputs()]
        self.cache_names = [v.name for v in self.session.get_inputs() if v.name.startswith("past_key_values.")]

    def prefixes(self, a: str, b: str, cross_lanes: bool) -> list[list[int]]:
        """Token ids of the lanes: A, A blanked, B, B blanked, and with cross lanes B and A again."""
        special = self.manifest["special"]
        rows = []
        for prompt in (a, b):
            row = self.tokenizer.encode(frame(prompt)).ids
            rows += [row, [i if i in (special["bos"], special["boi"]) else special["pad"] for i in row]]
        return [rows[lane] for lane in LANES[: 6 if cross_lanes else 4]]

    def draw(
        self, a: str, b: str, settings: Settings, cross_lanes: bool = True, forced: I64 | None = None,
        steps: int | None = None, chunks: tuple[int, ...] = (1, 16), slots: int = 0,
    ) -> F32:  # fmt: skip
        """Statistics of every step, float32 [steps, 2, 25]; `slots` pads the prefixes to at least so many."""
        settings, rows = settings.effective(), self.prefixes(a, b, cross_lanes)
        steps = steps or self.manifest["grid"]["rows"] ** 2
        wish = np.full((steps, 2), -1) if forced is None else forced
        lengths = np.array([len(row) for row in rows])
        slots = max(slots, int(lengths.max()))
        pads = slots - lengths
        embeds = np.zeros((len(rows), slots, self.manifest["width"]), np.float32)
        for lane, row in enumerate(rows):
            first = 0 if self.is_step else pads[lane]
            embeds[lane, first : first + len(row)] = self.embeddings[row]
        feeds: dict[str, Any] = self._constants(settings, len(rows), cross_lanes) | {
            "ids": np.zeros((len(rows), slots), np.int64),
            "text_embeds": embeds,
            "is_image": np.zeros((len(rows), slots, 1), np.float32),
        }
        if self.is_step:
            return self._steps(feeds, settings, steps, wish, lengths, slots)
        return self._chunks(feeds, settings, steps, wish, pads, chunks)

    def _constants(self, settings: Settings, lanes: int, cross_lanes: bool) -> dict[str, Any]:
        mask = math.log(settings.plausibility) if settings.plausibility > 0 else -np.inf
        return {
            "cond_lane": np.array([0, 2]),
            "uncond_lane": np.array([1, 3]),
            "cross_lane": np.array([4, 5] if cross_lanes else [0, 2]),
            "lane_side": np.array(SIDES[:lanes]),
            "guidance": np.array([settings.guidance_weight], np.float32),
            "temperature": np.array([settings.temperature], np.float32),
            "top_k": np.array([settings.top_k or self.manifest["codes"]]),
            "top_p": np.array([settings.top_p], np.float32),
            "plausibility_log": np.array([mask], np.float32),
        }

    def _empty(self, lanes: int, positions: int, dtype: Any) -> dict[str, Any]:
        m = self.manifest
        return {n: np.zeros((lanes, m["heads"], positions, m["headSize"]), dtype) for n in self.cache_names}

    def _next(self, out: dict[str, Any], lanes: int) -> dict[str, Any]:
        return {
            "ids": out["next_ids"],
            "text_embeds": np.zeros((lanes, 1, self.manifest["width"]), np.float32),
            "is_image": np.ones((lanes, 1, 1), np.float32),
        } | {name: out[name.replace("past_key_values", "present")] for name in self.cache_names}

    def _steps(
        self, feeds: dict[str, Any], settings: Settings, steps: int, wish: I64, lengths: I64, slots: int
    ) -> F32:
        lanes, lines = len(lengths), []
        feeds |= self._empty(lanes, slots + steps, np.dtype(self.manifest["cacheType"]))
        pick = np.zeros((lanes, 1, slots), np.float32)
        pick[np.arange(lanes), 0, lengths - 1] = 1
        seen, total = lengths.copy(), slots
        for step in range(steps):
            feeds |= {
                "pick": pick,
                "seqlens_k": (seen - 1).astype(np.int32),
                "total_sequence_length": np.array([total], np.int32),
                "noise": draw_noise(settings, step, 1, self.manifest["codes"])[0],
                "forced": wish[step],
            }
            out = dict(zip(self.outputs, self.session.run(None, feeds)))
            lines.append(out["stats"])
            feeds |= self._next(out, lanes)
            pick, seen = np.ones((lanes, 1, 1), np.float32), seen + 1
            total = int(seen.max())
        return np.stack(lines)

    def _chunks(
        self, feeds: dict[str, Any], settings: Settings, steps: int, wish: I64, pads: I64, chunks: tuple[int, ...]
    ) -> F32:
        lanes, lines, done, start = len(pads), [], 0, 0
        feeds |= self._empty(lanes, 0, np.float32)
        for index in range(steps):
            count = min(chunks[min(index, len(chunks) - 1)], steps - done)
            feeds |= {
                "start": np.array([start]),
                "pads": pads,
                "noise": draw_noise(settings, done, count, self.manifest["codes"]),
                "forced": wish[done : done + count],
            }
            out = dict(zip(self.outputs, self.session.run(None, feeds)))
            lines.append(out["stats"])
            start += feeds["ids"].shape[1] + count - 1
            feeds |= self._next(out, lanes)
            done += count
            if done == steps:
                break
        return np.concatenate(lines)
