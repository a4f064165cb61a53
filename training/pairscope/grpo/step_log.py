"""What the log says of a step."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from .collect import Collected
from .update import Unit, Updated

FAILED = 0.5  # mean P(yes) of a prompt's rollouts below which it is failed


def log_line(collected: Collected, units: list[Unit], updated: Updated) -> dict[str, Any]:
    """One step's numbers; ``units`` are all its prompts, those that were left out too."""
    groups, drawn, tally = collected.groups, collected.drawn, updated.tally
    own = [float(g.rollout_reward.mean()) for g in groups]
    fresh = [reward for g, reward in zip(groups, own, strict=True) if g.new]
    by_category = defaultdict(list)
    for group, reward in zip(groups, own, strict=True):
        by_category[group.pair.category.split()[0]].append(reward)
    line: dict[str, Any] = {
        # Of pairs never seen before, so that steps compare.
        "reward": _mean(fresh or own),
        "rewardOfAll": _mean(own),
        "bothAbove": sum(bool((g.rollout_reward.mean(1) > FAILED).all()) for g in groups) / len(groups),
        "categories": {name: _mean(values) for name, values in sorted(by_category.items())},
        "spread": _mean([float(g.reward.std()) for g in groups]),
        "prompts": sum(u.teaches for u in units),
        "distinct": _mean([int((~u.given).sum()) / float(u.copies[~u.given].sum()) for u in units]),
        "decided": round(float(drawn.decided.sum(1).float().mean()), 2),
        "nats": round(-float(drawn.logp.sum(1).mean()), 3),
        "policyLoss": round(tally.policy, 6),
        "kl": round(tally.kl, 7),
        "gradient": round(updated.gradient, 5),
        "rate": round(updated.rate, 8),
    }
    if given := [g for g in groups if g.truth]:
        line["truth"] = {
            "pairs": len(given),
            "ownReward": _mean([float(g.reward[:, -2].mean()) for g in given]),
            "siblingReward": _mean([float(g.reward[:, -1].mean()) for g in given]),
        }
    if tally.given:  # prompts with ground truth that were not left out
        line["truth"] |= {
            "ownNats": round(-tally.logp[0] / tally.given, 3),
            "siblingNats": round(-tally.logp[1] / tally.given, 3),
            "ownOutside": round(tally.outside[0] / tally.given, 3),
            "siblingOutside": round(tally.outside[1] / tally.given, 3),
        }
    line["cpu"] = {name: round(spent, 3) for name, spent in {**collected.seconds, "update": updated.seconds}.items()}
    line["passes"] = drawn.passes + tally.passes
    return line


def _mean(values: list[float]) -> float:
    return round(statistics.mean(values), 4)
