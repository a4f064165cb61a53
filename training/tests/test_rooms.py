"""The rooms of ``pairscope``: imports run downward only and in no circle, and the command line names what is there."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.util import resolve_name
from pathlib import Path

import pytest

from pairscope import ROOMS
from pairscope.__main__ import COMMANDS, main

PACKAGE = Path(__file__).parents[1] / "pairscope"


def module_name(path: Path, root: Path) -> str:
    """`pairscope.room.module` of a file; a package's own name for its `__init__.py`."""
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(root: Path) -> dict[str, set[str]]:
    """Of every module the modules of the package that it imports, inside functions too."""
    files = {module_name(path, root): path for path in root.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found[name] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names if alias.name in files}
            elif isinstance(node, ast.ImportFrom):
                source = resolve_name("." * node.level + (node.module or ""), package)
                wanted = {f"{source}.{alias.name}" for alias in node.names}
                found[name] |= {w if w in files else source for w in wanted if w in files or source in files}
    return found


def faults(root: Path) -> list[str]:
    """Rooms that the table does not know, imports that run upward, and one circle."""
    graph, out = imports(root), []
    place = {f"{root.name}.{room}": index for index, room in enumerate(ROOMS)}

    def room_of(module: str) -> int | None:
        return place.get(".".join(module.split(".")[:2]))

    for module, targets in sorted(graph.items()):
        if module.count(".") == 0 or module == f"{root.name}.__main__":  # the table and the command line
            continue
        if room_of(module) is None:
            out.append(f"{module} is in no room")
        for target in sorted(targets):
            if target.count(".") and (room_of(target) is None or room_of(target) > (room_of(module) or 0)):
                out.append(f"{module} imports {target}, which is not below it")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        out.append(f"circle: {' > '.join(error.args[1])}")
    return out


def test_imports_run_downward_and_in_no_circle() -> None:
    assert faults(PACKAGE) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"world/a.py": "", "model/b.py": "from ..world.a import x"}, ""),
        ({"world/a.py": "from ..model.b import x", "model/b.py": ""}, "not below"),
        ({"world/a.py": "from ..model import b", "model/b.py": ""}, "not below"),
        ({"world/a.py": "def f():\n    import pairscope.model.b", "model/b.py": ""}, "not below"),
        ({"world/a.py": "from .b import x", "world/b.py": "from . import a"}, "circle"),
        ({"cellar/a.py": ""}, "in no room"),
        ({"a.py": ""}, "in no room"),
    ],
)
def test_the_rule_bites(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    root = tmp_path / "pairscope"
    for name, text in {"__init__.py": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)
    found = [fault for fault in faults(root) if not fault.startswith("pairscope.cellar is")]
    assert (expected in found[0]) if expected else not found


def test_every_room_says_what_lives_there_and_every_file_is_in_one() -> None:
    for room in ROOMS:
        assert (import_module(f"pairscope.{room}").__doc__ or "").splitlines()[0].endswith((".", "?", ")."))
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_every_command_is_there_and_every_main_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(COMMANDS) == list(ROOMS)
    named = {PACKAGE / room / f"{command.module}.py" for room, commands in COMMANDS.items() for command in commands.values()}
    assert named == {path for path in PACKAGE.glob("*/*.py") if "\ndef main(" in path.read_text()}
    main(["--help"])
    told = capsys.readouterr().out
    for room, commands in COMMANDS.items():
        for name, command in commands.items():
            assert f"  {room} {name} " in told and command.does in told
            with pytest.raises(SystemExit) as ended:
                main([room, name, "--help"])
            assert ended.value.code == 0 and f"python -m pairscope {room}" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["nothing"], ["model", "nothing"], ["nothing", "train"]])
def test_a_command_that_is_not_there_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit, match=f"There is no command {' '.join(wrong)}."):
        main(wrong)


def test_help_needs_no_torch() -> None:
    code = "import sys; from pairscope.__main__ import main; main([]); sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, check=True, capture_output=True)
