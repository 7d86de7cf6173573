"""The package's rooms: each has one door, and CONTRIBUTING's map lists them as they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from courses import ROOT

PACKAGE = ROOT / "autograder"
MOST_LINES = 40
"""What fits one screen."""


def imports_of(path: Path) -> Iterator[str]:
    """Modules of this package that a file imports names from, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
            yield node.module or ""


def rooms_of_the_contract() -> list[str]:
    """The rooms as import-linter's contract has them, from top to bottom."""
    layers = re.search(r"\nlayers = \[(.*?)\n\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)
    assert layers is not None
    names = re.findall(r"\w+", layers[1])
    return [name for name in names if (PACKAGE / name).is_dir()]


def rooms_of_the_map() -> list[str]:
    """The rooms as CONTRIBUTING's map lists them, from top to bottom."""
    return re.findall(r"^\| `(\w+)` \|", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)


def test_other_rooms_are_imported_through_their_door() -> None:
    """No module imports from inside another room: only from a package's `__init__`."""
    inside = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in PACKAGE.rglob("*.py")
        for module in imports_of(path)
        if module.split(".")[1] != path.relative_to(PACKAGE).parts[0]
        if (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()
        if module.count(".") > 1
    }
    aliases = {
        f"autograder/drop_in.py imports autograder.grading.{name}"
        for name in ("nbgrader_export", "nbgrader_exporter")
    }
    assert inside - aliases == {"autograder/__main__.py imports autograder.cli.app"}


def test_every_door_says_what_it_exports() -> None:
    """Each room's `__init__` has a docstring, and one that imports names has `__all__`."""
    for door in PACKAGE.rglob("__init__.py"):
        tree = ast.parse(door.read_text())
        assert ast.get_docstring(tree), door
        names = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)]
        imports = [
            n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module != "__future__"
        ]
        assert not imports or "__all__" in names, door


def test_the_map_lists_the_rooms_of_the_contract() -> None:
    """CONTRIBUTING describes every room, in the order in which imports run."""
    assert rooms_of_the_map() == rooms_of_the_contract()


def test_every_folder_of_the_package_is_a_room() -> None:
    """The contract knows every package at the top, and the tree fits one screen."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(rooms_of_the_contract())
    assert len([p for p in PACKAGE.iterdir() if p.name != "__pycache__"]) <= MOST_LINES
