"""A hub-layout folder run by onnxruntime on the CPU with the official sampling: what the engine does, for the self-check."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .special_tokens import frame, special_ids

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
Noise = Callable[[int], F32]
"""Step -> what is added to the log-probabilities, float32 [prompts, codes]."""

_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """On one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def prompt_rows(tokenizer: Tokenizer, prompts: list[str], ids: dict[str, int]) -> tuple[I64, I64]:
    """Token ids and attention mask, int64 [2 prompts, S]: conditional and unconditional rows by turns, padded on the left."""
    encoded = [tokenizer.encode(frame(prompt)).ids for prompt in prompts]
    length = max(map(len, encoded))
    rows, masks = [], []
    for row in encoded:
        padding = length - len(row)
        blank = [i if i in (ids["bos"], ids["boi"]) else ids["pad"] for i in row]
        rows += [[ids["pad"]] * padding + row, [ids["pad"]] * padding + blank]
        masks += [[0] * padding + [1] * len(row)] * 2
    return np.array(rows, dtype=np.int64), np.array(masks, dtype=np.int64)


class HubRuntime:
    """Sessions on the graphs that drawing needs."""

    def __init__(self, folder: Path, suffix: str = "", head_suffix: str = "") -> None:
        def part(name: str, wish: str = "") -> onnxruntime.InferenceSession:
            return open_session(folder / "onnx" / f"{name}{wish}.onnx")

        self.language_model, self.head = part("language_model", suffix), part("gen_head", head_suffix)
        self.embed_image, self.decoder, self.embed_text = (part(n) for n in ("gen_img_embeds", "image_decode", "embed_tokens"))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.ids = special_ids(folder / "tokenizer.json")
        self.tokens = json.loads((folder / "processor_config.json").read_text())["num_image_tokens"]
        self.cache = {v.name: v for v in self.language_model.get_inputs() if v.name.startswith("past_key_values.")}
        self.outputs = [v.name for v in self.language_model.get_outputs()]

    def draw(
        self, prompts: list[str], guidance: float, steps: int | None = None, noise: Noise | None = None
    ) -> tuple[I64, F32]:
        """Image tokens int64 [prompts, steps] and the guided logits float32 [steps, prompts, codes]."""
        ids, mask = prompt_rows(self.tokenizer, prompts, self.ids)
        feeds: dict[str, Any] = {
            name: np.zeros((len(ids), v.shape[1], 0, v.shape[3]), _TYPES[v.type]) for name, v in self.cache.items()
        }
        positions = np.maximum(mask.cumsum(1) - 1, 0) + (mask == 0)
        feeds |= {"inputs_embeds": self.embed_text.run(None, {"input_ids": ids})[0], "position_ids": positions}
        tokens, lines = [], []
        for step in range(self.tokens if steps is None else steps):
            out = dict(zip(self.outputs, self.language_model.run(None, feeds | {"attention_mask": mask})))
            hidden = out["hidden_states"][:, -1:]
            logits = self.head.run(None, {"hidden_states": hidden.astype(_TYPES[self.head.get_inputs()[0].type])})[0]
            logits = logits[:, 0].astype(np.float32)
            conditional, unconditional = logits[0::2], logits[1::2]
            guided = unconditional + np.float32(guidance) * (conditional - unconditional)
            lines.append(guided)
            scores = guided if noise is None else log_softmax(guided) + noise(step)
            chosen = scores.argmax(-1)
            tokens.append(chosen)
            embeds = self.embed_image.run(None, {"image_ids": chosen.repeat(2)[:, None]})[0]
            mask = np.concatenate([mask, np.ones((len(mask), 1), np.int64)], axis=1)
            feeds = {n: out[n.replace("past_key_values", "present")] for n in self.cache}
            feeds |= {"inputs_embeds": embeds, "position_ids": mask.sum(1, keepdims=True) - 1}
        return np.stack(tokens, axis=1), np.stack(lines)

    def decode(self, tokens: I64) -> F32:
        """Image tokens [B, tokens] -> pictures [B, 3, h, w], about -1..1."""
        return self.decoder.run(None, {"generated_tokens": tokens})[0]


def log_softmax(x: F32) -> F32:
    """Over the last axis."""
    below = x - x.max(-1, keepdims=True)
    return below - np.log(np.exp(below).sum(-1, keepdims=True))
