"""The judge's eye: 144 codes -> what is in each cell, and the background.  Convolutions only."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..world import config as C
from .labels import HEADS
from .pieces import BACKGROUNDS

CHANNELS = sum(HEADS.values())


class Eye(nn.Module):
    """Every cell sees 9 cells around it, and the whole picture through one pooled summary."""

    def __init__(self, codes: int = C.CODES, embed: int = 64, width: int = 128, blocks: int = 8) -> None:
        super().__init__()
        self.shape = {"codes": codes, "embed": embed, "width": width, "blocks": blocks}
        self.embed = nn.Embedding(codes, embed)
        self.place = nn.Parameter(torch.zeros(embed, C.ROWS, C.COLUMNS))
        self.enter = nn.Conv2d(embed, width, 3, padding=1)
        self.blocks = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(blocks))
        self.summary = nn.Linear(2 * width, width)
        self.heads = nn.Conv2d(width, CHANNELS, 1)
        self.background = nn.Linear(2 * width, len(BACKGROUNDS) + 1)
        # Training aid: whose cell is it?
        self.owner = nn.Conv2d(width, len(C.THINGS), 1)
        for block in self.blocks:
            block.weight.data.mul_(0.5)  # type: ignore[union-attr, operator]

    @torch.no_grad()
    def start_from(self, centroids: Tensor) -> None:
        """Starts the embedding as the principal components of the centroids, so that like codes begin alike."""
        centred = centroids - centroids.mean(0)
        _, _, v = torch.linalg.svd(centred, full_matrices=False)
        projected = centred @ v[: self.embed.embedding_dim].T
        self.embed.weight.copy_(projected / projected.std(0).clamp_min(0.2 * projected.std()))

    def trunk(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """[B, 144] -> features [B, width, 12, 12] and pooled features [B, 2 * width]."""
        x = self.embed(tokens).transpose(1, 2).reshape(len(tokens), -1, C.ROWS, C.COLUMNS) + self.place
        x = self.enter(x)
        for index, block in enumerate(self.blocks):
            x = x + block(F.relu(x))
            if index == len(self.blocks) // 2 - 1:
                x = x + self.summary(self._pool(x))[..., None, None]
        return F.relu(x), self._pool(x)

    @staticmethod
    def _pool(x: Tensor) -> Tensor:
        y = F.relu(x)
        return torch.cat([y.mean((2, 3)), y.amax((2, 3))], 1)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """[B, 144] -> logits of all heads [B, CHANNELS, 12, 12] in the order of HEADS, and of the background [B, 14]."""
        x, pooled = self.trunk(tokens)
        return self.heads(x), self.background(pooled)


def load(path: Any) -> tuple[Eye, dict[str, Any]]:
    """The trained network in evaluation mode, and the whole stored dictionary."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    eye = Eye(**stored["shape"])
    eye.load_state_dict(stored["state_dict"])
    return eye.eval(), stored
