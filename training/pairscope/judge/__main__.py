"""python -m pairscope.judge train | export | evaluate | score"""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = ("train", "export", "evaluate", "score")

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Say what to do: python -m pairscope.judge {' | '.join(COMMANDS)}")
    import_module(f"pairscope.judge.{sys.argv[1]}").main(sys.argv[2:])
