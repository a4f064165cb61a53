"""Heads that only training has: they give the words a dense signal."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .language_model import ImageTokenModel
from .tokenizer import WHITE
from .upcoming import UpcomingHead

_BANDS = 3  # the picture in thirds, across and down


def code_bags(tokens: Tensor, model: ImageTokenModel) -> Tensor:
    """Distribution of the non-white codes in each column band, then row band: [B, 6, K].

    An empty band has all its mass on white.
    """
    config = model.config
    grid = tokens.view(-1, config.rows, config.columns)
    bands = [part.flatten(1) for axis in (2, 1) for part in grid.chunk(_BANDS, axis)]
    codes = torch.stack(bands, 1)
    bags = torch.zeros(len(tokens), len(bands), config.codes, device=tokens.device)
    bags.scatter_add_(2, codes, (codes != WHITE).float())
    bags[..., WHITE] = (bags.sum(-1) == 0).float()
    return bags / bags.sum(-1, keepdim=True)


class CaptionHead(nn.Module):
    """Training aid, not part of the model: which codes will each band of the picture hold?

    Read at <boi> halfway up, it gives the words a dense signal; without it, next-token loss
    depends on the caption in only one or two cells of a picture, and binding starts late.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, 2 * _BANDS * width)

    def forward(self, state: Tensor, bags: Tensor, codes: Tensor) -> Tensor:
        """state [B, width], bags [B, 6, K], code embeddings [K, width] -> cross-entropy."""
        state = F.rms_norm(state.float(), state.shape[-1:])
        wanted = self.project(state).view(len(state), 2 * _BANDS, -1)
        return -(bags * F.log_softmax(wanted @ codes.T, -1)).sum(-1).mean()


class Aids(nn.Module):
    """The heads that only training has."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.caption, self.upcoming = CaptionHead(width), UpcomingHead(width)
