"""Rewrite an answer as somebody would who does not want it to be recognized.

It works on the syntax tree and knows nothing of how answers are compared. What it makes does the
same as before.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import random
from collections.abc import Iterator

_WORDS = (
    "alpha beta gamma delta item value first second other part piece entry node thing total count "
    "store buffer source target left right inner outer start stop given made done kept taken"
)
_COMMENTS = (
    "# now the next step",
    "# this is needed below",
    "# see the lesson",
    "# keep it simple here",
    "# works for every shape",
)
_DEAD = (
    "unused_{n} = {n} + 1",
    "if {n} > 1000:\n    print('never', {n})",
    "checked_{n} = [number for number in range({n})]",
    "assert {n} >= 0",
)


def disguise(code: str, seed: int, *, thoroughly: bool = True) -> list[str]:
    """Rewrite an answer.

    Args:
        code: Python code.
        seed: Chooses names, order and dead code.
        thoroughly: Whether statements and arguments change their order, dead code comes in, values
            get names, and every function gets a cell of its own; if not, only names, comments and
            layout change.

    Returns:
        The cells of the rewritten answer.

    Raises:
        SyntaxError: If it is no plain Python.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing is secret here
    tree = ast.parse(code)
    _without_docstrings(tree)
    if thoroughly:
        tree = _Reordered(chance).visit(tree)
        for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
            function.body = _named_results(function.body, chance)
            function.body = _swapped(function.body, chance)
            function.body = _with_dead_code(function.body, chance)
    tree = _Renamed(_new_names(tree, chance)).visit(tree)
    cells = _cells(tree, chance) if thoroughly else [tree.body]
    return [_laid_out(cell, chance) for cell in cells]


def _without_docstrings(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]


class _Reordered(ast.NodeTransformer):
    """Keyword arguments in another order."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if all(keyword.arg for keyword in node.keywords):
            self._chance.shuffle(node.keywords)
        return node


def _named_results(body: list[ast.stmt], chance: random.Random) -> list[ast.stmt]:
    """`return x(...)` as two statements, half of the time."""
    statements: list[ast.stmt] = []
    for statement in body:
        if (
            isinstance(statement, ast.Return)
            and isinstance(statement.value, (ast.Call, ast.ListComp, ast.BinOp))
            and chance.random() < 0.5
        ):
            name = f"outcome_{len(statements)}"
            target = ast.Name(id=name, ctx=ast.Store())
            statements.append(ast.Assign(targets=[target], value=statement.value, lineno=1))
            statements.append(ast.Return(value=ast.Name(id=name, ctx=ast.Load())))
        else:
            statements.append(statement)
    return statements


def _swapped(body: list[ast.stmt], chance: random.Random) -> list[ast.stmt]:
    """Neighbors in another order where neither uses what the other one sets."""
    body = list(body)
    for position in range(len(body) - 1):
        one, other = body[position : position + 2]
        if (
            isinstance(one, ast.Assign)
            and isinstance(other, ast.Assign)
            and not (_set_by(one) & _names_of(other) or _set_by(other) & _names_of(one))
            and not any(isinstance(n, ast.Call) for n in ast.walk(one) if n)
            and chance.random() < 0.7
        ):
            body[position : position + 2] = [other, one]
    return body


def _with_dead_code(body: list[ast.stmt], chance: random.Random) -> list[ast.stmt]:
    body = list(body)
    for _ in range(chance.choice((1, 1, 2))):
        text = chance.choice(_DEAD).format(n=chance.randrange(2, 90))
        place = chance.randrange(len(body))
        body[place:place] = ast.parse(text).body
    return body


def _set_by(statement: ast.Assign) -> set[str]:
    stores = (n for n in ast.walk(statement) if isinstance(n, ast.Name))
    return {n.id for n in stores if isinstance(n.ctx, ast.Store)}


def _names_of(statement: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}


def _new_names(tree: ast.Module, chance: random.Random) -> dict[str, str]:
    """A new name for each that the answer defines and nobody outside of it needs."""
    asked = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    called = {k.arg for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords}
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    methods = {
        inner.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for inner in node.body
        if isinstance(inner, ast.FunctionDef)
    }
    defined = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _is_stored(n)}
    defined |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    defined |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    kept = asked | called | imported | methods | set(dir(builtins)) | {"self"}
    fresh = (f"{a}_{b}" for a, b in itertools.product(_WORDS.split(), repeat=2))
    pool = list(itertools.islice(fresh, 900))
    chance.shuffle(pool)
    return dict(zip(sorted(defined - kept), pool, strict=False))


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, (ast.Store, ast.Del))


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names.get(node.arg, node.arg)
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self._names.get(name, name) for name in node.names]
        return node


def _cells(tree: ast.Module, chance: random.Random) -> list[list[ast.stmt]]:
    """A cell for each function, in another order; what runs at once comes first."""
    cells: list[list[ast.stmt]] = [
        [n] for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))
    ]
    others: list[ast.stmt] = [
        n for n in tree.body if not isinstance(n, (ast.FunctionDef, ast.ClassDef))
    ]
    chance.shuffle(cells)
    return [others, *cells] if others else cells


def _laid_out(body: list[ast.stmt], chance: random.Random) -> str:
    """Text with other quotes' and lines' habits: unparsed, and broken behind commas."""
    module = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    return "\n".join(_commented(ast.unparse(module), chance))


def _commented(text: str, chance: random.Random) -> Iterator[str]:
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() and chance.random() < 0.3:
            yield f"{indent}{chance.choice(_COMMENTS)}"
        is_call = line.count("(") == 1 and line.endswith(")") and ", " in line
        plain = not any(quote in line for quote in "'\"[{")
        if is_call and plain and not line.lstrip().startswith(("def", "class")):
            head, _, rest = line.partition("(")
            yield f"{head}("
            yield f"{indent}        {rest[:-1].replace(', ', f',{chr(10)}{indent}        ')},"
            yield f"{indent})"
        else:
            yield line
