"""python -m pairscope.grpo train | report | experiment | ship | story | agreement"""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = ("train", "report", "experiment", "ship", "story", "agreement")

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Say what to do: python -m pairscope.grpo {' | '.join(COMMANDS)}")
    import_module(f"pairscope.grpo.{sys.argv[1]}").main(sys.argv[2:])
