"""The loss of one step, prompt by prompt; only places where something was decided cost work.

Where the mask leaves one code its log-probability is 0 whatever the weights, so that cell's gradient is exactly 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ..model.language_model import ImageTokenModel
from ..model.sample import Settings
from ..world.captions import prefix, text_ids
from .likelihood import given_logp, picture_logp

# Nats by which the reference may be above the policy in the KL term; more would overflow its exponential.
_LARGEST = 10.0
_LOT = 64  # pictures that go through the network together in bfloat16


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
    teaches: bool  # has any picture an advantage?


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
        bool(advantage.any()),
    )


def token_losses(logp: Tensor, reference: Tensor, advantage: Tensor, copies: Tensor, beta: float) -> tuple[Tensor, Tensor]:
    """-exp(logp - sg(logp)) A and beta times the KL estimate exp(ref - logp) - (ref - logp) - 1, each [m]."""
    policy = -(logp - logp.detach()).exp() * advantage
    above = (reference - logp).clamp(max=_LARGEST)
    return policy, beta * copies * (above.exp() - above - 1)


def given_weights(advantage: Tensor, logp: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
    """Of given pictures: what the log-probability of each code counts, and whether anything is learned there; advantage [.., 1], the others [.., N].

    A negative's code counts as much as the policy would draw the picture up to and including it: nothing from the first code outside the mask on.
    """
    reach = logp.detach().masked_fill(~inside, -torch.inf).cumsum(-1).exp()
    negative = advantage < 0
    return torch.where(negative, advantage * reach, advantage), (logp.detach() != 0) & (~negative | (reach > 0))


@dataclass
class Tally:
    """Sums over a step's units."""

    policy: float = 0.0
    kl: float = 0.0
    logp: tuple[float, float] = (0.0, 0.0)  # of own and of sibling's ground truth, nats a picture
    outside: tuple[float, float] = (0.0, 0.0)  # their codes outside the mask, a picture
    given: int = 0  # prompts with ground truth, of those that were not left out
    passes: float = 0.0  # tokens through the network, a backward pass counted as two forward ones

    def tell_given(self, logp: Tensor, inside: Tensor) -> None:
        """Adds a prompt's two given pictures, its own and its sibling's; both [2, N]."""
        self.given += 1
        self.logp = (self.logp[0] + float(logp[0].sum()), self.logp[1] + float(logp[1].sum()))
        self.outside = (self.outside[0] + float((~inside[0]).sum()), self.outside[1] + float((~inside[1]).sum()))


@dataclass(frozen=True)
class Updated:
    """One update: its sums, the norm of its gradient before clipping, its learning rate, and its seconds."""

    tally: Tally
    gradient: float
    rate: float
    seconds: float


def _ends(wanted: Tensor) -> Tensor:
    """How many cells of each row [G, N] there are up to its last wanted one."""
    return torch.where(wanted.any(1), wanted.shape[1] - wanted.flip(1).float().argmax(1), 0)


def parts(wanted: Tensor, begin: int) -> list[Tensor]:
    """Rows of one prompt's ``wanted`` [G, N] in one or two lots, so that those that end early are not carried on to the end of the others: as
    cheap as can be, where every lot goes through the first ``begin`` tokens once and each of its rows through the rest, to the lot's last wanted cell."""
    ends, order = _ends(wanted).sort()
    rows = torch.arange(1, len(ends) + 1)
    split = begin + rows * ends + (begin + (len(ends) - rows) * ends[-1]) * (rows < len(ends))
    at = int(split.argmin()) + 1
    return [lot for lot in (order[:at], order[at:]) if len(lot)]


class _Rows(NamedTuple):
    """Pictures of a step's units, one below the other."""

    texts: Tensor  # [R, P]
    tokens: Tensor  # [R, N]
    wanted: Tensor  # [R, N]
    weight: Tensor  # [R, N], what each code's log-probability counts
    copies: Tensor  # [R]


def _rows_of(policy: ImageTokenModel, u: Unit, settings: Settings, bf16: bool, tally: Tally) -> _Rows:
    """One prompt's pictures; what is learned of given ones is found out here."""
    text = prefix(text_ids(u.caption))
    weight, wanted = u.advantage[:, None].repeat(1, u.tokens.shape[1]), u.wanted
    if u.given.any():
        logp, inside, passes = given_logp(policy, text, u.tokens[u.given], settings, bf16)
        weight[u.given], places = given_weights(u.advantage[u.given, None], logp, inside)
        wanted = torch.cat([wanted[~u.given], places])
        tally.tell_given(logp, inside)
        tally.passes += passes
    return _Rows(torch.tensor([text]).expand(len(u.tokens), -1), u.tokens, wanted, weight, u.copies)


def _lots(rows: list[_Rows], bf16: bool) -> list[_Rows]:
    """What goes through the network together: a prompt's pictures, which share their beginning, or, where large products cost the least,
    pictures of all prompts that end alike."""
    if bf16:
        every = _Rows(*(torch.cat(columns) for columns in zip(*rows, strict=True)))
        ends, order = _ends(every.wanted).sort()
        chosen = [(every, lot) for lot in order[ends > 0].split(_LOT)]
    else:
        chosen = [(r, lot) for r in rows for lot in parts(r.wanted, r.texts.shape[1])]
    return [_Rows(*(column[lot] for column in r)) for r, lot in chosen]


def accumulate(
    policy: ImageTokenModel, reference: ImageTokenModel, units: list[Unit], settings: Settings, beta: float, bf16: bool
) -> Tally:
    """Adds the gradients of the step's loss: the mean over the cells of a picture, then over pictures."""
    tally = Tally()
    if not units:  # every group was left out
        return tally
    scale = 1 / (policy.config.cells * sum(float(u.copies.sum()) for u in units))
    for lot in _lots([_rows_of(policy, u, settings, bf16, tally) for u in units], bf16):
        with torch.no_grad():
            before, passes = picture_logp(reference, lot.texts, lot.tokens, lot.wanted, settings, bf16) if beta else (None, 0)
        logp, own = picture_logp(policy, lot.texts, lot.tokens, lot.wanted, settings, bf16)
        tally.passes += passes + 3 * own
        if not len(logp):
            continue
        copies = lot.copies[lot.wanted.nonzero()[:, 0]]
        gain, kl = token_losses(logp, logp.detach() if before is None else before, lot.weight[lot.wanted], copies, beta)
        ((gain + kl).sum() * scale).backward()
        tally.policy += float(gain.detach().sum()) * scale
        tally.kl += float(kl.detach().sum()) * scale / beta if beta else 0.0
    return tally
