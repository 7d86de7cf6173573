"""What a program needs, by following its imports without running them."""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Iterable, Iterator
from importlib.util import resolve_name
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Needed:
    """What some modules of a package need.

    Attributes:
        files: The package's own modules and their data, relative to the folder that holds the
            package; sorted.
        libraries: Top-level modules of others, the standard library left out; sorted.
    """

    files: tuple[Path, ...]
    libraries: tuple[str, ...]


def needed(package: Path, roots: Iterable[str]) -> Needed:
    """Follow the imports of some modules through a package, those inside functions too.

    What is imported for type checkers alone is left out.

    Args:
        package: The package's folder.
        roots: Modules to begin with, such as "autograder.notebook". Those of other packages count
            as libraries.

    Returns:
        The modules that are reached with all packages above them, the data files of those
        packages, and the libraries that they import.
    """
    todo = list(roots)
    found: dict[str, Path] = {}
    libraries: set[str] = set()
    while todo:
        name = todo.pop()
        if name.partition(".")[0] != package.name:
            libraries.add(name.partition(".")[0])
            continue
        for module in _with_parents(name):
            path = _path_of(package, module)
            if path is not None and module not in found:
                found[module] = path
                todo += imported(path.read_text("utf-8"), _home(module, path))
    folders = [path.parent for path in found.values() if path.name == "__init__.py"]
    files = {*found.values(), *(path for folder in folders for path in _data(folder))}
    return Needed(
        tuple(sorted(path.relative_to(package.parent) for path in files)),
        tuple(sorted(libraries - sys.stdlib_module_names)),
    )


def imported(source: str, home: str = "") -> list[str]:
    """Names of all modules that a source text imports.

    `from a import b` gives both `a` and `a.b`, since b may be a module.

    Args:
        source: Python.
        home: The package that relative imports begin from.
    """
    names = []
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), home)
            names += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return names


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a tree but those that only a type checker reads."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for otherwise in child.orelse:
                yield from _statements(otherwise)
        else:
            yield from _statements(child)


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _path_of(package: Path, module: str) -> Path | None:
    """The file of a module, or None if the name is that of something inside one."""
    place = package.parent.joinpath(*module.split("."))
    candidates = place / "__init__.py", place.with_name(f"{place.name}.py")
    return next((path for path in candidates if path.is_file()), None)


def _home(module: str, path: Path) -> str:
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def _data(folder: Path) -> Iterator[Path]:
    """Files of a package that are no modules, also in folders that are no packages."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _data(path)
        if path.is_file() and path.suffix != ".py" and not path.name.startswith("."):
            yield path
