"""Trains the image-token language model; resumable, deterministic per step."""

from __future__ import annotations

import argparse
import math
import signal
import sys
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from . import config as C
from .captions import TEXT_TOKENS
from .data import training_batch, validation_batch
from .model import Config, ImageTokenModel, load_checkpoint, save_checkpoint
from .tokenizer import WHITE, centroids


def orthogonalise(update: Tensor) -> Tensor:
    """Nearest semi-orthogonal matrix, roughly, by five Newton-Schulz steps."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update / (update.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum whose step is orthogonalised; for the blocks' matrices only."""

    def __init__(self, parameters: list[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.01) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One update; the ranks share the orthogonalisations between them."""
        ranks = dist.get_world_size() if dist.is_initialized() else 1
        rank = dist.get_rank() if dist.is_initialized() else 0
        for group in self.param_groups:
            directions = []
            for index, p in enumerate(group["params"]):
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                if index % ranks == rank:
                    directions.append(orthogonalise(p.grad.lerp(buffer, group["momentum"])))
                else:
                    directions.append(torch.zeros_like(p))
            add_over_ranks(directions)
            for p, direction in zip(group["params"], directions, strict=True):
                p.mul_(1 - group["lr"] * group["decay"])
                p.add_(direction, alpha=-group["lr"] * max(1.0, p.shape[0] / p.shape[1]) ** 0.5)


def add_over_ranks(tensors: list[Tensor]) -> None:
    """Sums tensors over the processes, in place."""
    if not dist.is_initialized():
        return
    flat = torch.cat([t.reshape(-1) for t in tensors])
    dist.all_reduce(flat)
    for t, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
        t.copy_(part.view_as(t))


def rate_factor(step: int, steps: int, warmup: int = 100, decay: float = 0.35) -> float:
    """Warm-up, flat, then cosine to 2 % over the last part of the run."""
    if step < warmup:
        return (step + 1) / warmup
    start = steps * (1 - decay)
    if step < start:
        return 1.0
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - start) / (steps - start)))


_BANDS = 3  # the picture in thirds, across and down
_AUXILIARY_BLOCK = 3  # blocks below the auxiliary head
_AUXILIARY_WEIGHT = 0.03


def code_bags(tokens: Tensor, model: ImageTokenModel) -> Tensor:
    """Distribution of the non-white codes in each column band, then row band: [B, 6, K].

    An empty band has all its mass on white.
    """
    config = model.config
    grid = tokens.view(-1, config.rows, config.columns)
    bands = [part.flatten(1) for axis in (2, 1) for part in grid.chunk(_BANDS, axis)]
    codes = torch.stack(bands, 1)
    bags = torch.zeros(len(tokens), len(bands), config.codes)
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


def losses(model: ImageTokenModel, head: CaptionHead, ids: Tensor, bf16: bool) -> tuple[Tensor, Tensor]:
    """Image loss in nats a token, and the auxiliary loss."""
    config = model.config
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        x = model.embed(ids[:, :-1], 0)
        cos, sin = model.cos[: x.shape[1]], model.sin[: x.shape[1]]
        state = x
        for index, block in enumerate(model.blocks):
            x, _ = block(x, cos, sin, None)
            if index + 1 == _AUXILIARY_BLOCK:
                state = x[:, config.prefix_length - 1]
        logits = model.logits(model.final_norm(x)[:, config.prefix_length - 1 :])
    target = ids[:, config.prefix_length :]
    image = F.cross_entropy(logits.float().reshape(-1, config.codes), target.reshape(-1))
    return image, head(state, code_bags(target, model), model.head_weight().detach())


def image_loss(model: ImageTokenModel, ids: Tensor, bf16: bool) -> Tensor:
    """Mean nats per image token; ids [B, P + 144]."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        logits = model(ids[:, :-1])
    target = ids[:, model.config.prefix_length :]
    return F.cross_entropy(logits.float().reshape(-1, model.config.codes), target.reshape(-1))


@torch.no_grad()
def validate(model: ImageTokenModel, bf16: bool, size: int = 32) -> dict[str, tuple[float, float]]:
    """Per category: bits an image, and the excess over the layout entropy."""
    model.eval()
    out = {}
    for category in C.CATEGORIES:
        ids, floor = validation_batch(category, size, model.config.codes)
        bits = float(image_loss(model, ids, bf16)) * model.config.cells / math.log(2)
        out[category.split()[0]] = (bits, bits - floor)
    model.train()
    return out


def main() -> None:
    """Trains; ``--steps`` may be changed on resume to fit the time left."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--stop", type=int, default=0, help="stop after this step, keeping the schedule")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--ffn", type=int, default=512)
    parser.add_argument("--optimizer", choices=["adamw", "muon"], default="muon")
    parser.add_argument("--rate", type=float, default=2e-3, help="AdamW's rate")
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--bf16", action="store_true", help="only where the processor has it")
    parser.add_argument("--validate-every", type=int, default=200)
    parser.add_argument("--out", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--ranks", type=int, default=2, help="processes of one thread each")
    a = parser.parse_args()
    if a.ranks == 1:
        train(0, a, "")
        return
    # One-threaded processes that meet once a step lose far less on a shared machine than threads
    # that meet at every operation.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the ranks end with their parent
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(train, (a, f"{folder}/meet"), nprocs=a.ranks, daemon=True)


def train(rank: int, a: argparse.Namespace, meeting: str) -> None:
    """The training loop of one process."""
    if a.ranks > 1:
        dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=a.ranks)
    torch.manual_seed(0)
    torch.set_num_threads(1 if a.ranks > 1 else 2)
    config = Config(
        codes=len(centroids()),
        text_tokens=TEXT_TOKENS,
        prefix_length=C.PREFIX_LENGTH,
        rows=C.ROWS,
        columns=C.COLUMNS,
        width=a.width,
        layers=a.layers,
        heads=a.width // 64,
        ffn=a.ffn,
    )
    model, first, stored = ImageTokenModel(config), 0, None
    if a.out.exists():
        model, stored = load_checkpoint(str(a.out))
        first = stored["step"]
    model.train()
    matrices = [p for n, p in model.named_parameters() if n.startswith("blocks.") and p.dim() == 2]
    chosen = {id(p) for p in matrices} if a.optimizer == "muon" else set()
    tables = [p for p in model.parameters() if p.dim() == 2 and id(p) not in chosen]
    gains = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": tables, "weight_decay": 0.01}, {"params": gains, "weight_decay": 0.0}]
    optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, a.rate, betas=(0.9, 0.95))]
    if a.optimizer == "muon":
        optimizers.append(Muon(matrices, a.muon_rate))
    head = CaptionHead(config.width)
    optimizers.append(torch.optim.AdamW(head.parameters(), a.rate, betas=(0.9, 0.95)))
    if stored and "caption_head" in stored:
        head.load_state_dict(stored["caption_head"])
    if stored:
        for optimizer, state in zip(optimizers, stored["optimizer"], strict=False):
            optimizer.load_state_dict(state)
    base = [a.rate, a.muon_rate, a.rate] if a.optimizer == "muon" else [a.rate, a.rate]
    if rank == 0:
        print(f"parameters {model.parameters_count()} from step {first} to {a.steps}", flush=True)

    def save(step: int) -> None:
        extra = {"optimizer": [o.state_dict() for o in optimizers], "caption_head": head.state_dict()}
        save_checkpoint(str(a.out), model, **extra, step=step, steps=a.steps)

    started, mean = time.time(), 0.0
    last = a.stop or a.steps
    for step in range(first, last):
        factor = rate_factor(step, a.steps)
        for optimizer, rate in zip(optimizers, base, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        ids = training_batch(step * a.ranks + rank, a.batch // a.ranks, config.codes)
        loss, auxiliary = losses(model, head, ids, a.bf16)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        (loss + _AUXILIARY_WEIGHT * auxiliary).backward()
        gradients = [p.grad for p in (*model.parameters(), *head.parameters()) if p.grad is not None]
        add_over_ranks(gradients)
        for gradient in gradients:
            gradient.div_(a.ranks)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        if rank > 0:
            continue
        bits = loss.item() * config.cells / math.log(2)
        mean = bits if step == first else 0.95 * mean + 0.05 * bits
        if step % 20 == 0:
            speed = (step + 1 - first) * a.batch / (time.time() - started)
            print(f"{time.strftime('%H:%M:%S')} step {step} bits {mean:.1f} auxiliary {auxiliary.item():.2f} rate {factor:.3f} images/s {speed:.1f}", flush=True)
        if (step + 1) % 100 == 0:
            save(step + 1)
        if (step + 1) % a.validate_every == 0:
            parts = " ".join(f"{k} {b:.1f} (+{e:.1f})" for k, (b, e) in validate(model, a.bf16).items())
            print(f"step {step + 1} validation bits (excess): {parts}", flush=True)
    if rank == 0:
        save(last)


if __name__ == "__main__":
    main()
