"""Pixel decoder: 144 codes -> a 192 x 192 picture.  Convolutions at 12, 24 and 48 cells across."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..world import config as C


class Residual(nn.Module):
    """3 x 3 then 1 x 1 convolution, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.wide = nn.Conv2d(channels, channels, 3, padding=1)
        self.mix = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.mix.weight)
        nn.init.zeros_(self.mix.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, h, w] -> the same shape."""
        return x + self.mix(F.relu(self.wide(F.relu(x))))


class PixelDecoder(nn.Module):
    """No norm layers, so that every cell is drawn the same wherever it lies."""

    def __init__(
        self, codes: int, embed: int = 96, trunk: int = 160, middle: int = 80, fine: int = 48, blocks: int = 3
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(codes, embed)
        self.enter = nn.Conv2d(embed, trunk, 3, padding=1)
        self.trunk = nn.Sequential(*[Residual(trunk) for _ in range(blocks)])
        self.to_middle = nn.Conv2d(trunk, middle * 4, 1)
        self.middle = nn.Sequential(Residual(middle), Residual(middle))
        self.to_fine = nn.Conv2d(middle, fine * 4, 1)
        self.fine = Residual(fine)
        self.out = nn.Conv2d(fine, 3 * 16, 3, padding=1)

    @torch.no_grad()
    def start_from(self, centroids: Tensor) -> None:
        """Starts the embedding as the principal components of the centroids, and the output white."""
        centred = centroids - centroids.mean(0)
        _, _, v = torch.linalg.svd(centred, full_matrices=False)
        projected = centred @ v[: self.embed.embedding_dim].T
        self.embed.weight.copy_(projected / projected.std())
        self.out.weight.mul_(0.3)
        self.out.bias.fill_(0.9)  # type: ignore[union-attr]

    def forward(self, tokens: Tensor) -> Tensor:
        """[B, 144] -> [B, 3, 192, 192]; near 0..1, not clipped."""
        x = self.embed(tokens).transpose(1, 2).reshape(len(tokens), -1, C.ROWS, C.COLUMNS)
        x = self.trunk(self.enter(x))
        x = self.middle(F.pixel_shuffle(self.to_middle(x), 2))
        x = self.fine(F.pixel_shuffle(self.to_fine(x), 2))
        return F.pixel_shuffle(self.out(F.relu(x)), 4)
