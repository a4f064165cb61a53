"""The loss of one step, prompt by prompt; only places where something was decided cost work.

Where the mask leaves one code its log-probability is 0 whatever the weights, so that cell's gradient is exactly 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..captions import prefix, text_ids
from ..model import ImageTokenModel
from ..sample import Settings
from .likelihood import open_places, picture_logp

# Nats by which the reference may be above the policy in the KL term; more would overflow its exponential.
_LARGEST = 10.0


@dataclass(frozen=True)
class Unit:
    """One prompt's pictures.  ``wanted`` are the places where another code could be drawn: elsewhere the gradient is 0.
    Equal rollouts are one row: the sum of their advantages, and their number."""

    caption: str
    tokens: Tensor  # [G, N]
    wanted: Tensor  # [G, N]; of ground truth it is found at the update
    advantage: Tensor  # [G]
    copies: Tensor  # [G]
    given: Tensor  # [G], ground truth and not a rollout


def unit(caption: str, tokens: Tensor, decided: Tensor, advantage: Tensor) -> Unit:
    """One prompt's group: pictures [G, N], the first of them rollouts, which ``decided`` [rollouts, N] tells of; the others ground truth."""
    rollouts = len(decided)
    given = len(tokens) - rollouts
    distinct, which = torch.unique(tokens[:rollouts], dim=0, return_inverse=True)
    first = torch.tensor([int((which == i).nonzero()[0]) for i in range(len(distinct))], dtype=torch.long)
    total = torch.zeros(len(distinct)).index_add_(0, which, advantage[:rollouts])
    copies = torch.bincount(which, minlength=len(distinct)).float()
    return Unit(
        caption,
        torch.cat([distinct, tokens[rollouts:]]),
        torch.cat([decided[first], torch.ones_like(tokens[rollouts:], dtype=torch.bool)]),
        torch.cat([total, advantage[rollouts:]]),
        torch.cat([copies, torch.ones(given)]),
        torch.arange(len(distinct) + given) >= len(distinct),
    )


def token_losses(logp: Tensor, reference: Tensor, advantage: Tensor, copies: Tensor, beta: float) -> tuple[Tensor, Tensor]:
    """-exp(logp - sg(logp)) A and beta times the KL estimate exp(ref - logp) - (ref - logp) - 1, each [m]."""
    policy = -(logp - logp.detach()).exp() * advantage
    above = (reference - logp).clamp(max=_LARGEST)
    return policy, beta * copies * (above.exp() - above - 1)


@dataclass
class Tally:
    """Sums over a step's units."""

    policy: float = 0.0
    kl: float = 0.0
    logp: tuple[float, float] = (0.0, 0.0)  # of own and of sibling's ground truth, nats a picture
    outside: tuple[float, float] = (0.0, 0.0)  # their codes outside the mask, a picture
    given: int = 0  # prompts with ground truth
    passes: float = 0.0  # tokens through the network, a backward pass counted as two forward ones


def accumulate(
    policy: ImageTokenModel, reference: ImageTokenModel, units: list[Unit], settings: Settings, beta: float, bf16: bool
) -> Tally:
    """Adds the gradients of the step's loss: the mean over the cells of a picture, then over pictures."""
    pictures = sum(float(u.copies.sum()) for u in units)
    tally = Tally()
    if not units:  # every group was left out
        return tally
    scale = 1 / (policy.config.cells * pictures)
    for u in units:
        text = prefix(text_ids(u.caption))
        wanted = u.wanted
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            if u.given.any():
                places, passes = open_places(policy, text, u.tokens[u.given], settings)
                wanted = torch.cat([wanted[~u.given], places])
                tally.passes += passes
            with torch.no_grad():
                before, _, passes = picture_logp(reference, text, u.tokens, wanted, settings) if beta else (None, None, 0)
            logp, inside, own = picture_logp(policy, text, u.tokens, wanted, settings)
        tally.passes += passes + 3 * own
        if not len(logp):
            continue
        rows = wanted.nonzero()[:, 0]
        advantage = u.advantage[rows]
        gain, kl = token_losses(logp, logp.detach() if before is None else before, advantage, u.copies[rows], beta)
        # A code that cannot be drawn cannot be made less likely.
        counts = inside | (advantage > 0)
        loss = ((gain + kl) * counts).sum() * scale
        loss.backward()
        tally.policy += float((gain.detach() * counts).sum()) * scale
        tally.kl += float((kl.detach() * counts).sum()) * scale / beta if beta else 0.0
        if u.given.any():
            own_row, sibling_row = u.given.nonzero()[:, 0].tolist()
            tally.given += 1
            for name, values in (("logp", logp.detach()), ("outside", (~inside).float())):
                pair = getattr(tally, name)
                setattr(tally, name, tuple(old + float(values[rows == r].sum()) for old, r in zip(pair, (own_row, sibling_row))))
    return tally
