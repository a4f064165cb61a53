"""What is still to come at every cell of a picture: a training aid, not part of the model.

Next-token loss asks which object comes next only in the one cell where it begins, a cell or two of 144. Here every cell asks: which object begins
next in reading order, in which colour, and how many are left? That is what binding, relations and counting come down to, and it says so in every cell.
"""

from __future__ import annotations

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from ..world import config as C
from ..world.scenes import Layout
from .tokenizer import ground_tokens

UNTOLD = -100  # of a picture whose caption was taken away
_OBJECTS = {name: 1 + index for index, name in enumerate(C.WIDE_NAMES)}  # 0: nothing comes any more
_SIGN = 1 + len(C.WIDE_NAMES)
_COLOURS = {colour: 1 + index for index, colour in enumerate(C.WIDE_COLOURS)}  # 0: none, or nothing comes
# Classes of the three answers: object, colour, number left.
CLASSES = (2 + len(C.WIDE_NAMES), 1 + len(C.WIDE_COLOURS), 1 + C.MAX_COUNT)


def upcoming(layout: Layout, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    """Codes [144] of a layout -> [144, 3]: object and colour of the piece that begins at this cell or next after it, and pieces left, this one counted.

    A piece begins at its first cell, in reading order, that is not the background's.
    """
    drawn = tokens != ground_tokens(layout).reshape(-1)
    begins: list[tuple[int, int, int]] = []
    if layout.sign:
        begins.append((int(drawn.argmax()), _SIGN, _COLOURS[layout.sign.colour]))
    for piece in layout.sprites:
        block = np.zeros((C.ROWS, C.COLUMNS), bool)
        block[piece.y : piece.y + piece.key.rows, piece.x : piece.x + piece.key.size] = True
        begins.append((int((drawn & block.reshape(-1)).argmax()), _OBJECTS[piece.key.name], _COLOURS.get(piece.key.colour or "", 0)))
    answers = np.zeros((len(tokens), len(CLASSES)), np.int64)
    after = 0
    begins.sort()
    for index, (cell, name, colour) in enumerate(begins):
        answers[after : cell + 1] = name, colour, len(begins) - index
        after = cell + 1
    return answers


class UpcomingHead(nn.Module):
    """Answers the three questions from the state of every cell, some blocks below the top."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, sum(CLASSES))

    def forward(self, state: Tensor, answers: Tensor) -> Tensor:
        """state [B, 144, width], answers [B, 144, 3] -> mean cross-entropy a cell, the three added."""
        logits = self.project(F.rms_norm(state.float(), state.shape[-1:])).flatten(0, 1)
        parts = zip(logits.split(CLASSES, -1), answers.flatten(0, 1).unbind(-1), strict=True)
        return sum((F.cross_entropy(part, wanted, ignore_index=UNTOLD) for part, wanted in parts), start=logits.new_zeros(()))
