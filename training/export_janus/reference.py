"""Hugging Face's PyTorch Janus behind the interface of `pairscope.export.reference`: what every export is compared with."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from pairscope.export.reference import F32, PairPlan, Settings, draw

from .hub_runtime import prompt_rows
from .special_tokens import special_ids


def load_model(folder: Path, dtype: torch.dtype = torch.float32) -> Any:
    """`JanusForConditionalGeneration` of a Hugging Face checkpoint."""
    logging.getLogger("transformers").setLevel(logging.ERROR)
    from transformers import JanusForConditionalGeneration
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    return JanusForConditionalGeneration.from_pretrained(folder, dtype=dtype).eval()


@dataclass(frozen=True)
class _Config:
    codes: int


class JanusLanes:
    """Lanes of a draw, padded on the left: `run` takes text ids first and image codes afterwards."""

    def __init__(self, model: Any, mask: NDArray[np.int64]) -> None:
        self.model = model
        self.config = _Config(model.config.vq_config.num_embeddings)
        self.mask = torch.from_numpy(mask)

    def run(self, ids: Tensor, start: int, cache: Any) -> tuple[Tensor, Any]:
        """Hidden states [L, S, width] of ids [L, S] and the grown cache."""
        if start == 0:
            embeds = self.model.get_input_embeddings()(ids)
            mask = self.mask
            positions = (mask.cumsum(1) - 1).masked_fill(mask == 0, 1)
        else:
            embeds = self.model.prepare_embeddings_for_image_generation(ids)
            grown = torch.ones(len(ids), start + 1 - self.mask.shape[1], dtype=torch.int64)
            mask = torch.cat([self.mask, grown], 1)
            positions = mask.sum(1, keepdim=True) - 1
        out = self.model.model.language_model(
            inputs_embeds=embeds, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
        )
        return out.last_hidden_state, out.past_key_values

    def logits(self, hidden: Tensor) -> Tensor:
        """Logits of the image codes."""
        return self.model.model.generation_head(hidden)


class JanusReference:
    """A checkpoint's model and tokenizer."""

    def __init__(self, folder: Path) -> None:
        self.model = load_model(folder)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.ids = special_ids(folder / "tokenizer.json")
        self.tokens = self.model.config.vision_config.num_image_tokens

    def generate(self, prompts: list[str], guidance: float) -> NDArray[np.int64]:
        """Greedy tokens of Hugging Face's own `generate`, int64 [prompts, tokens]; it knows no guidance of 1 or less."""
        ids, mask = prompt_rows(self.tokenizer, prompts, self.ids)
        out = self.model.generate(
            torch.from_numpy(ids[0::2].copy()),
            attention_mask=torch.from_numpy(mask[0::2].copy()),
            generation_mode="image",
            guidance_scale=guidance,
            do_sample=False,
        )
        return out.numpy()

    def plan(self, a: str, b: str, cross_lanes: bool) -> tuple[PairPlan, NDArray[np.int64]]:
        """Lanes [A cond, A uncond, B cond, B uncond, A's history | prompt B, B's history | prompt A] and their mask."""
        ids, mask = prompt_rows(self.tokenizer, [a, b], self.ids)
        lanes = [0, 1, 2, 3, 2, 0] if cross_lanes else [0, 1, 2, 3]
        sides = np.array([0, 0, 1, 1, 0, 1])[: len(lanes)]
        plan = PairPlan(ids[lanes], sides)
        if not cross_lanes:
            plan = PairPlan(ids[lanes], sides, cross_lane=plan.cond_lane)
        return plan, mask[lanes]

    def draw(
        self,
        a: str,
        b: str,
        settings: Settings,
        cross_lanes: bool = True,
        forced: NDArray[np.int64] | None = None,
        steps: int | None = None,
    ) -> F32:
        """Statistics of every step, float32 [steps, 2, 25], as docs/model-layout.md orders them."""
        plan, mask = self.plan(a, b, cross_lanes)
        lanes: Any = JanusLanes(self.model, mask)
        return draw(lanes, plan, settings, self.tokens if steps is None else steps, forced)

    def logits(self, prompts: list[str], tokens: NDArray[np.int64]) -> F32:
        """Logits before each of the given tokens, float32 [steps, 2 prompts, codes]: conditional and unconditional by turns."""
        ids, mask = prompt_rows(self.tokenizer, prompts, self.ids)
        lanes, lines = JanusLanes(self.model, mask), []
        row, start, cache = torch.from_numpy(ids), 0, None
        with torch.inference_mode():
            for step in range(tokens.shape[1]):
                hidden, cache = lanes.run(row, start, cache)
                start += row.shape[1]
                lines.append(lanes.logits(hidden[:, -1]).numpy())
                row = torch.from_numpy(tokens[:, step].repeat(2)[:, None])
        return np.stack(lines)

    def pixels(self, tokens: NDArray[np.int64]) -> F32:
        """Decoded pictures [B, 3, h, w]."""
        with torch.inference_mode():
            return self.model.model.vqmodel.decode(torch.from_numpy(tokens)).numpy()
