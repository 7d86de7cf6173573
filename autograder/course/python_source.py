"""Parse Python, in whichever thread."""

from __future__ import annotations

import ast
import threading

_one_at_a_time = threading.Lock()


def parse_python(source: str) -> ast.Module:
    """Parse a module's code; as `ast.parse`, which fails at times where threads call it together.

    Args:
        source: The code.

    Raises:
        SyntaxError: If it is not Python; or another exception of `UNPARSABLE`.

    Source:
        CPython's issue 106905, "AST constructor recursion depth mismatch".
    """
    with _one_at_a_time:
        return ast.parse(source)
