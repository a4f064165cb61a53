"""The optimizer of the blocks' matrices, and sums over the processes of one training."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor


def orthogonalise(update: Tensor) -> Tensor:
    """Nearest semi-orthogonal matrices, roughly, by five Newton-Schulz steps; [n, rows, columns], wide or square."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update / (update.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


class Muon(torch.optim.Optimizer):
    """Momentum whose step is orthogonalised (Jordan 2024); for the blocks' matrices only."""

    def __init__(self, parameters: list[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.01) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One update; the ranks share the orthogonalisations between them."""
        ranks = dist.get_world_size() if dist.is_initialized() else 1
        rank = dist.get_rank() if dist.is_initialized() else 0
        for group in self.param_groups:
            wide: list[Tensor] = []  # updates, lying on their long side
            for p in group["params"]:
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])
                wide.append(update.T if p.shape[0] > p.shape[1] else update)
            directions = [torch.zeros_like(u) for u in wide]
            for shape in dict.fromkeys(u.shape for u in wide):
                mine = [i for i, u in enumerate(wide) if u.shape == shape][rank::ranks]
                if mine:
                    for i, direction in zip(mine, orthogonalise(torch.stack([wide[i] for i in mine])), strict=True):
                        directions[i] = direction
            add_over_ranks(directions)
            for p, direction in zip(group["params"], directions, strict=True):
                p.mul_(1 - group["lr"] * group["decay"])
                step = direction.T if p.shape[0] > p.shape[1] else direction
                p.add_(step, alpha=-group["lr"] * max(1.0, p.shape[0] / p.shape[1]) ** 0.5)


def add_over_ranks(tensors: list[Tensor]) -> None:
    """Sums tensors over the processes, in place."""
    if not dist.is_initialized():
        return
    flat = torch.cat([t.reshape(-1) for t in tensors])
    dist.all_reduce(flat)
    for t, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
        t.copy_(part.view_as(t))
