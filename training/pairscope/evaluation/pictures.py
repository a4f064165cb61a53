"""From a checkpoint and prompts to pictures."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from ..model.decoder_net import PixelDecoder
from ..model.language_model import ImageTokenModel
from ..model.rollout import draw
from ..model.sample import Settings
from ..model.tokenizer import centroids
from ..world import config as C
from ..world.pair_sets import Prompt
from ..world.sprites import Array


def load_decoder(path: Path = C.RUNS / "decoder.pt") -> PixelDecoder:
    """The trained pixel decoder."""
    net = PixelDecoder(len(centroids()))
    net.load_state_dict(torch.load(path, weights_only=True)["state_dict"])
    return net.eval()


@torch.no_grad()
def decode(net: PixelDecoder, tokens: Tensor) -> list[Array]:
    """[B, 144] -> pictures [192, 192, 3] in 0..1."""
    out: list[Array] = []
    for chunk in tokens.split(32):
        out += list(net(chunk).clamp(0, 1).permute(0, 2, 3, 1).numpy())
    return out


def draw_prompts(model: ImageTokenModel, items: list[Prompt], settings: Settings, batch: int = 96) -> Tensor:
    """Codes [n, 144]: the pictures of ``sample.sample``, several times as fast."""
    parts = [items[i : i + batch] for i in range(0, len(items), batch)]
    return torch.cat([draw(model, [p.caption for p in part], [p.seed for p in part], settings).tokens for part in parts])
