"""One quiet line in place of a traceback, where a cell needs a function that is not written yet."""

from __future__ import annotations

import re
import sys
from types import TracebackType
from typing import Any

from autograder.submissions import names_defined_in

_CELL = re.compile(r".*ipykernel_\d+.*|.*ipython-input.*")
"""File names of cells that Jupyter, Colab and IPython compile."""
_HTML = '<p style="margin: 0.3em 0; opacity: 0.8">Waiting for <code>{name}</code>.</p>'

_Exception = tuple[type[BaseException], BaseException, TracebackType]


def show_what_waits(shell: Any) -> None:
    """Have a shell show "Waiting for `compile_model`." for a stub that is called.

    A cell that waits defines none of its names, so later cells that use them wait for the same
    function. All other exceptions are shown as usual.

    Args:
        shell: IPython's shell.
    """
    waiting: dict[str, str] = {}  # the function that each undefined name waits for

    def show(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        name = _stub(error, trace) or waiting.get(str(getattr(error, "name", "")), "")
        if not name:
            shell.showtraceback((kind, error, trace), tb_offset, running_compiled_code=True)
            return
        source = shell.history_manager.input_hist_raw[-1]
        undefined = names_defined_in(source) - shell.user_ns.keys()
        waiting.update(dict.fromkeys(undefined, name))
        _close_figures()
        _display(name)

    shell.set_custom_exc((NotImplementedError, NameError), show)


def _stub(error: BaseException, trace: TracebackType) -> str:
    """The student's function that raised NotImplementedError itself, or ""."""
    if not isinstance(error, NotImplementedError) or error.args:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    is_own = _CELL.fullmatch(code.co_filename) and code.co_name != "<module>"
    return code.co_name if is_own else ""


def _close_figures() -> None:
    """Close figures that a cell began, which would be shown empty."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def _display(name: str) -> None:
    from IPython.display import display  # noqa: PLC0415 - only in IPython

    text = f"Waiting for {name}."
    display({"text/html": _HTML.format(name=name), "text/plain": text}, raw=True)
