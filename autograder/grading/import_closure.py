"""Find what a program depends on by following its imports, without running it."""

from __future__ import annotations

import ast
import dataclasses
import functools
import sys
from collections.abc import Iterable, Iterator
from importlib.util import resolve_name
from pathlib import Path

from autograder.course import parse_python


@dataclasses.dataclass(frozen=True)
class Dependencies:
    """What some modules of a package depend on.

    Attributes:
        files: The package's own modules and data files, relative to the package's parent folder;
            sorted.
        libraries: Top-level modules of other packages, without the standard library; sorted.
    """

    files: tuple[Path, ...]
    libraries: tuple[str, ...]


def find_dependencies(package: Path, roots: Iterable[str]) -> Dependencies:
    """Follow the imports of some modules through a package, including those inside functions.

    Imports for type checkers are ignored.

    Args:
        package: The package's folder.
        roots: Modules to begin with, such as "autograder.student". Those of other packages count
            as libraries.

    Returns:
        The modules that are reached with all packages above them, the data files of those
        packages, and the libraries that they import.
    """
    pending = list(roots)
    paths: dict[str, Path] = {}
    libraries: set[str] = set()
    while pending:
        name = pending.pop()
        if name.partition(".")[0] != package.name:
            libraries.add(name.partition(".")[0])
            continue
        for module in _with_parents(name):
            path = _path_of(package, module)
            if path is not None and module not in paths:
                paths[module] = path
                pending += imported_modules(path.read_text("utf-8"), _home(module, path))
    folders = [path.parent for path in paths.values() if path.name == "__init__.py"]
    files = {*paths.values(), *(path for folder in folders for path in _data_files(folder))}
    return Dependencies(
        tuple(sorted(path.relative_to(package.parent) for path in files)),
        tuple(sorted(libraries - sys.stdlib_module_names)),
    )


def defining_modules(package: Path, names: Iterable[str]) -> list[Path]:
    """Follow imports to the modules that define the imported names, past re-exporting packages.

    Args:
        package: The package's folder.
        names: Modules, or names in them, to begin with, such as "autograder.checks.loss_fits".
            Those of other packages are ignored.

    Returns:
        Paths of the modules that are reached, sorted.
    """
    pending = list(names)
    paths: set[Path] = set()
    while pending:
        path = _defining_file(package, pending.pop())
        if path is not None and path not in paths:
            paths.add(path)
            home = _home(_module_of(package, path), path)
            pending += imported_names(path.read_text("utf-8"), home)
    return sorted(paths)


def imported_modules(source: str, home: str = "") -> list[str]:
    """Names of all modules that source code imports.

    `from a import b` gives both `a` and `a.b`, because `b` may be a module.

    Args:
        source: Python code.
        home: The package that relative imports begin from.
    """
    names: dict[str, None] = {}
    for module, name in _imports(source, home):
        names[module] = None
        if name:
            names[f"{module}.{name}"] = None
    return list(names)


@functools.lru_cache(maxsize=1024)
def imported_names(source: str, home: str = "") -> tuple[str, ...]:
    """Full names of everything that source code imports: `from a import b` gives only `a.b`.

    Args:
        source: Python code.
        home: The package that relative imports begin from.
    """
    return tuple(f"{module}.{name}" if name else module for module, name in _imports(source, home))


def _imports(source: str, home: str) -> Iterator[tuple[str, str]]:
    """Each import as a module and a name in it; "" for the module itself."""
    for node in _statements(parse_python(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), home)
            yield from ((module, alias.name) for alias in node.names)


def _defining_file(package: Path, name: str) -> Path | None:
    """The file of a module, or of the module that defines a name; None outside the package."""
    if name.partition(".")[0] != package.name:
        return None
    path = _path_of(package, name)
    if path is not None:
        return path
    module, _, attribute = name.rpartition(".")
    path = _path_of(package, module)
    if path is None or path.name != "__init__.py":
        return path
    for exported in imported_names(path.read_text("utf-8"), module):
        if exported.rpartition(".")[2] == attribute:
            return _defining_file(package, exported)
    return path


def _module_of(package: Path, path: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a tree except those for type checkers."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.orelse:
                yield from _statements(statement)
        else:
            yield from _statements(child)


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _path_of(package: Path, module: str) -> Path | None:
    """The file of a module; None if the name is not a module's."""
    path = package.parent.joinpath(*module.split("."))
    candidates = path / "__init__.py", path.with_name(f"{path.name}.py")
    return next((path for path in candidates if path.is_file()), None)


def _home(module: str, path: Path) -> str:
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def _data_files(folder: Path) -> Iterator[Path]:
    """A package's files that are not modules, including those in folders that are not packages."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _data_files(path)
        if path.is_file() and path.suffix != ".py" and not path.name.startswith("."):
            yield path
