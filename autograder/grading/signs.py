"""Signs in a submission's code that its reply may be its own making, for a person to look at.

A process that runs student code cannot prove what it did. Code that writes the whole reply itself
must find the grader's descriptors or variables, or leaves out what an answer needs. No sign decides
a mark.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from autograder.course import parse_python
from autograder.submissions import Cell, Submission

_REACHES_INSIDE: Final = frozenset(
    {
        *("_getframe", "_current_frames", "currentframe", "getouterframes", "settrace"),
        *("setprofile", "f_back", "f_locals", "f_globals", "f_builtins", "tb_frame", "gi_frame"),
        *("__closure__", "cell_contents", "__subclasses__", "__globals__", "__loader__"),
        *("get_objects", "get_referrers", "get_referents", "_exit", "fdopen", "memory_maps"),
    }
)
"""Names by which code reaches variables and descriptors that are not its own."""
_MODULES: Final = frozenset({"ctypes", "_ctypes", "cffi", "msgpack", "marshal", "_posixsubprocess"})
_PACKAGE: Final = "autograder"
_PUBLIC: Final = frozenset({"check"})
_OLD_DATA: Final = "datasets"
"""Where notebooks that were released by version 0.1.0 import their data from."""
_RUNS_TEXT: Final = frozenset({"exec", "eval", "__import__"})
_MAGICS: Final = frozenset({"run_line_magic", "run_cell_magic"})
_MOST_NESTED: Final = 3
"""How deep magics in magics are looked into."""
_NEEDED: Final = {
    "compile_model": frozenset({"compile"}),
    "train_model": frozenset(
        {
            *("fit", "fit_generator", "train_on_batch", "train_step", "apply", "apply_gradients"),
            *("assign", "assign_sub", "assign_add", "set_weights"),
        }
    ),
}
"""What an answer calls, one of them, by the answer's name."""
_MOST_TOLD: Final = 5
_UNPARSABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What parsing raises for code that does not run either."""


def signs_in_code(submission: Submission, answers: Collection[str]) -> tuple[str, ...]:
    """What is odd about a submission's code, as sentences.

    Args:
        submission: The submission.
        answers: Names of the assignment's solution cells.
    """
    modules = (
        Cell(name=name, source=data.decode("utf-8", "replace"))
        for name, data in submission.modules.items()
    )
    cells = [*submission.cells, *modules]
    names: set[str] = set()
    reaching: list[str] = []
    for cell in cells:
        for node in _nodes(cell):
            names.update(_names(node))
            if what := _reaches_inside(node):
                reaching.append(f"{what} (cell {cell.name}, line {_line(node, cell)})")
    lacking = [
        f"Nothing in the code calls what {answer} needs, such as {min(needed, key=len)}."
        for answer, needed in _NEEDED.items()
        if answer in answers and not names & needed
    ]
    if not reaching:
        return tuple(lacking)
    told = ", ".join(dict.fromkeys(reaching[:_MOST_TOLD]))
    return (f"The code reaches beyond the notebook: {told}.", *lacking)


def _nodes(cell: Cell, depth: int = 0) -> Iterator[ast.AST]:
    """Every part of a cell's code, and of the code that its magics run."""
    for node in _parsed(cell):
        yield node
        if depth < _MOST_NESTED and isinstance(node, ast.Call) and _is_magic(node.func):
            texts = [part.value for part in node.args[1:] if isinstance(part, ast.Constant)]
            for source in filter(None, map(str, texts)):
                inner = Cell(name=cell.name, source=source, first_line=_line(node, cell))
                yield from _nodes(inner, depth + 1)


def _parsed(cell: Cell) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(parse_python(cell.source))
    except SyntaxError:
        from IPython.core.inputtransformer2 import (  # noqa: PLC0415 - for magics alone
            TransformerManager,
        )

        with contextlib.suppress(*_UNPARSABLE):
            yield from ast.walk(parse_python(TransformerManager().transform_cell(cell.source)))
    except _UNPARSABLE:
        return


def _is_magic(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in _MAGICS


def _line(node: ast.AST, cell: Cell) -> int:
    return int(getattr(node, "lineno", 1)) + cell.first_line - 1


def _names(node: ast.AST) -> Sequence[str]:
    """The name that a part of the code uses, also as a text, as `getattr` takes it."""
    if isinstance(node, ast.Attribute):
        return (node.attr,)
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    return ()


def _reaches_inside(node: ast.AST) -> str:
    """What a part of the code reaches that is not the notebook's own; ""."""
    for name in _names(node):
        if name in _REACHES_INSIDE:
            return name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in _RUNS_TEXT:
            return node.func.id
    elif isinstance(node, ast.Import):
        return next((a.name for a in node.names if _is_inside(a.name, ())), "")
    elif isinstance(node, ast.ImportFrom):
        names = [alias.name for alias in node.names]
        module = node.module or ""
        return module if _is_inside(module, names) else ""
    elif isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        is_inside = "/proc/" in text or text.startswith(f"{_PACKAGE}.")
        return text[:60] if is_inside else ""
    return ""


def _is_inside(module: str, names: Sequence[str]) -> bool:
    top, _, rest = module.partition(".")
    if top == _PACKAGE and rest.partition(".")[0] != _OLD_DATA:
        return bool(rest) or not set(names) <= _PUBLIC
    return top in _MODULES
