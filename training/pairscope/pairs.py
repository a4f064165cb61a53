"""Prints random prompt pairs as JSON, one aspect apart, with the seed that draws them."""

from __future__ import annotations

import argparse
import json
from itertools import batched

from .evaluate import prompts


def main() -> None:
    """A list of {category, caption1, caption2, seed}, in PairComp's shape plus the seed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=10, help="pairs of each category")
    arguments = parser.parse_args()
    rows = [
        {"category": one.category, "caption1": one.caption, "caption2": two.caption, "seed": one.seed}
        for one, two in batched(prompts(arguments.seed, arguments.pairs), 2)
    ]
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
