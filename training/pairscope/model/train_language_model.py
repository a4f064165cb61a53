"""Trains the image-token language model; resumable, deterministic per step."""

from __future__ import annotations

import argparse
import itertools
import math
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader

from ..world import config as C
from ..world.captions import TEXT_TOKENS
from .aids import Aids, code_bags
from .batches import Batches, validation_batch
from .language_model import Config, ImageTokenModel, load_checkpoint, save_checkpoint
from .muon import Muon, add_over_ranks
from .processor import giving_back, suit_the_processor
from .tokenizer import WHITE, centroids, load_pieces, save_pieces


def rate_factor(step: int, progress: float, decay: float, warmup: int) -> float:
    """Warm-up in steps, flat, then linear to zero over the last part of the run; ``progress`` in 0..1."""
    if step < warmup:
        return (step + 1) / warmup
    return min(1.0, max(0.0, (1 - progress) / decay))


_CAPTION_BLOCK, _UPCOMING_BLOCK = 3, 6  # blocks below the auxiliary heads
_CAPTION_WEIGHT = 0.03
_AID_RATE = 3.0  # of the heads, times AdamW's


def thinned_loss(model: ImageTokenModel, hidden: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy of hidden [n, width] and target [n]. Most cells are empty: half of them, counted twice, save time at the head."""
    empty = target == WHITE
    kept = (~empty | (torch.rand(target.shape) < 0.5)).nonzero()[:, 0]
    weight = 1.0 + empty[kept].float()
    cell_loss = F.cross_entropy(model.logits(hidden[kept]).float(), target[kept], reduction="none")
    return (cell_loss * weight).sum() / len(target)


def losses(model: ImageTokenModel, aids: Aids, ids: Tensor, answers: Tensor, bf16: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Image loss in nats a token, and the losses of the caption head and of the upcoming head."""
    config = model.config
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=bf16):
        x = model.embed(ids[:, :-1], 0)
        cos, sin = model.cos[: x.shape[1]], model.sin[: x.shape[1]]
        states = []
        for block in model.blocks:
            x, _ = block(x, cos, sin, None)
            states.append(x[:, config.prefix_length - 1 :])
        hidden = model.final_norm(x)[:, config.prefix_length - 1 :].reshape(-1, config.width)
        target = ids[:, config.prefix_length :].reshape(-1)
        if ids.is_cuda:  # which wants shapes that stay the same
            image = F.cross_entropy(model.logits(hidden).float(), target)
        else:
            image = thinned_loss(model, hidden, target)
    tokens = ids[:, config.prefix_length :]
    caption = aids.caption(states[_CAPTION_BLOCK - 1][:, 0], code_bags(tokens, model), model.head_weight().detach())
    return image, caption, aids.upcoming(states[_UPCOMING_BLOCK - 1], answers)


def image_loss(model: ImageTokenModel, ids: Tensor, bf16: bool) -> Tensor:
    """Mean nats per image token; ids [B, P + 144]."""
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=bf16):
        logits = model(ids[:, :-1])
    target = ids[:, model.config.prefix_length :]
    return F.cross_entropy(logits.float().reshape(-1, model.config.codes), target.reshape(-1))


@torch.no_grad()
def validate(model: ImageTokenModel, bf16: bool, size: int = 32, kind: str = "first") -> dict[str, tuple[float, float]]:
    """Per category: bits an image, and the excess over the entropy of what captions leave open."""
    model.eval()
    out = {}
    device = model.token_embed.weight.device
    for category in C.CATEGORIES:
        with giving_back():
            ids, floor = validation_batch(category, size, model.config.codes, kind=kind)
        bits = float(image_loss(model, ids.to(device), bf16)) * model.config.cells / math.log(2)
        out[category.split()[0]] = (bits, bits - floor)
    model.train()
    return out


def history(stored: dict[str, Any]) -> dict[str, Any]:
    """What a checkpoint's weights have seen, in all the runs behind it."""
    before = stored.get("before", {"imagesSeen": 0, "wallClockMinutes": 0.0})
    machines = dict.fromkeys(m for m in (before.get("hardware"), stored.get("hardware")) if m)
    return {
        "imagesSeen": before["imagesSeen"] + stored["step"] * stored.get("batch", 0),
        "wallClockMinutes": round(before["wallClockMinutes"] + stored["seconds"] / 60, 1),
        "hardware": " and ".join(machines) or "unknown hardware",
    }


def main(arguments: list[str]) -> None:
    """Trains for --minutes of the clock (or --steps, which a machine of any speed repeats exactly); resumes from --out."""
    parser = argparse.ArgumentParser(prog="python -m pairscope model train", description=main.__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=0)
    length.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--ffn", type=int, default=704)
    parser.add_argument("--rate", type=float, default=2e-3, help="AdamW's rate")
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--warmup", type=int, default=100, help="steps over which the rates rise")
    parser.add_argument("--decay", type=float, default=0.45, help="share of the run over which the rates fall to zero")
    parser.add_argument("--upcoming", type=float, default=0.1, help="weight of the loss that asks every cell what comes next")
    parser.add_argument("--start", type=Path, help="checkpoint whose weights and heads a new run begins with; its optimizer and its clock stay behind")
    parser.add_argument("--first-batch", type=int, default=0, help="number of the first batch of pictures: a training that goes on from other weights sees new ones")
    parser.add_argument("--wide", action="store_true", help="half of the scenes are the wide world's, and all are drawn as it draws")
    parser.add_argument("--commit", default="", help="what the checkpoints call the code that trains")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--workers", type=int, default=0, help="processes that make the batches; 0: the training process does")
    parser.add_argument("--bf16", action="store_true", help="only where the processor has it")
    parser.add_argument("--compile", action="store_true", help="a seventh faster after half a minute; needs a C++ compiler")
    parser.add_argument("--validate-every", type=int, default=250)
    parser.add_argument("--save-every", type=int, default=100)
    parser.add_argument("--snapshot-every", type=int, default=500, help="steps between checkpoints that are kept")
    parser.add_argument("--out", type=Path, default=C.RUNS / "lm.pt")
    parser.add_argument("--ranks", type=int, default=2, help="processes of one thread each; a GPU has one")
    a = parser.parse_args(arguments)
    if a.device == "cuda":
        a.ranks = 1
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
    suit_the_processor()
    if a.device == "cuda":
        torch.set_float32_matmul_precision("high")  # what autocast leaves in float32
    if a.ranks > 1:
        dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=a.ranks)
    torch.manual_seed(rank)
    torch.set_num_threads(1)
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
    torch.manual_seed(0)
    model, stored = ImageTokenModel(config), None
    if a.out.exists():
        model, stored = load_checkpoint(str(a.out))
    elif a.start:
        model, stored = load_checkpoint(str(a.start))
        stored = {"step": 0, "seconds": 0.0, "before": history(stored), **{k: stored[k] for k in ("aids",) if k in stored}}
    torch.manual_seed(1 + rank)
    first, before = (stored["step"], stored["seconds"]) if stored else (0, 0.0)
    model.to(a.device).train()
    matrices = [p for n, p in model.named_parameters() if n.startswith("blocks.") and p.dim() == 2]
    chosen = {id(p) for p in matrices}
    tables = [p for p in model.parameters() if p.dim() == 2 and id(p) not in chosen]
    gains = [p for p in model.parameters() if p.dim() == 1]
    aids = Aids(config.width).to(a.device)
    groups = [{"params": tables, "weight_decay": 0.01}, {"params": gains, "weight_decay": 0.0}]
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups, a.rate, betas=(0.9, 0.95)),
        Muon(matrices, a.muon_rate),
        torch.optim.AdamW(aids.parameters(), _AID_RATE * a.rate, betas=(0.9, 0.95)),
    ]
    base = [a.rate, a.muon_rate, _AID_RATE * a.rate]
    if stored and "aids" in stored:  # an unpacked model has none
        aids.load_state_dict(stored["aids"])
    if stored and "optimizer" in stored:
        for optimizer, state in zip(optimizers, stored["optimizer"], strict=True):
            optimizer.load_state_dict(state)
    pieces = a.out.with_name("pieces.pkl")
    load_pieces(pieces)
    # The first batches are made while the rest starts.
    order = itertools.count(a.first_batch + first * a.ranks + rank, a.ranks)
    loader = DataLoader(Batches(a.batch // a.ranks, config.codes, a.wide), batch_size=None, sampler=order, num_workers=a.workers, pin_memory=a.device == "cuda")
    batches = iter(loader)
    step_losses = losses
    if a.compile and a.device == "cuda":
        step_losses = torch.compile(losses, dynamic=False)
    elif a.compile:
        for block in model.blocks:
            block.compile(dynamic=False)
    started = time.time()
    if rank == 0:
        print(f"parameters {model.parameters_count()} from step {first}, {before:.0f} s", flush=True)

    def save(step: int, path: Path) -> None:
        extra = {"optimizer": [o.state_dict() for o in optimizers], "aids": aids.state_dict()}
        schedule = {"rate": a.rate, "muonRate": a.muon_rate, "decay": a.decay, "warmup": a.warmup}
        past = {"before": stored["before"]} if stored and "before" in stored else {}
        hardware = torch.cuda.get_device_name() if a.device == "cuda" else f"{a.ranks} CPU cores" if a.ranks > 1 else "one CPU core"
        seconds = before + time.time() - started
        save_checkpoint(str(path), model, **extra, **past, step=step, seconds=seconds, batch=a.batch, hardware=hardware, schedule=schedule, commit=a.commit)
        if not a.workers:
            save_pieces(pieces)

    def progress(step: int) -> float:
        """Share of the run that is over, agreed on by all processes."""
        if not a.minutes:
            return step / a.steps
        share = torch.tensor([(before + time.time() - started) / (60 * a.minutes)])
        if a.ranks > 1:
            dist.broadcast(share, 0)
        return float(share)

    step, mean = first, torch.zeros((), device=a.device)
    while (done := progress(step)) < 1:
        factor = rate_factor(step, done, a.decay, a.warmup)
        for optimizer, rate in zip(optimizers, base, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        torch.manual_seed(step * a.ranks + rank)  # a resumed run goes on with the draws it would have had
        with giving_back():
            ids, answers = (part.to(a.device, non_blocking=True) for part in next(batches))
        loss, caption, upcoming = step_losses(model, aids, ids, answers, a.bf16)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        (loss + _CAPTION_WEIGHT * caption + a.upcoming * upcoming).backward()
        gradients = [p.grad for p in (*model.parameters(), *aids.parameters()) if p.grad is not None]
        add_over_ranks(gradients)
        for gradient in gradients:
            gradient.div_(a.ranks)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        if rank > 0:
            continue
        bits = loss.detach() * config.cells / math.log(2)
        mean = bits if step == first + 1 else mean.lerp(bits, 0.05)
        if step % 20 == 0:
            speed = (step - first) * a.batch / (time.time() - started)
            print(f"{time.strftime('%H:%M:%S')} step {step} bits {mean.item():.1f} caption {caption.item():.2f} upcoming {upcoming.item():.3f} rate {factor:.3f} images/s {speed:.1f}", flush=True)
        if step % a.save_every == 0:
            save(step, a.out)
        if step % a.snapshot_every == 0:
            save(step, a.out.with_name(f"{a.out.stem}-{step}.pt"))
        if step % a.validate_every == 0:
            for kind in ("old", "new") if a.wide else ("first",):
                parts = " ".join(f"{k} {b:.1f} (+{e:.1f})" for k, (b, e) in validate(model, a.bf16, kind=kind).items())
                print(f"step {step} validation bits (excess) {kind}: {parts}", flush=True)
    if rank == 0:
        save(step, a.out)
