"""Read one student's submission: its bytes, the cells to run, the notebook that people see."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.cells import Cell
from autograder.submissions.display import display_notebook, display_script
from autograder.submissions.files import (
    SubmittedFile,
    read_regular_file,
    read_timestamp,
    read_with_owner,
)
from autograder.submissions.merging import (
    cells_to_run,
    place_cells,
    script_cells,
    untouched_cells,
)
from autograder.submissions.notebooks import (
    Notebook,
    decode_text,
    parse_notebook,
    require_little_code,
)

_MAX_MODULES = 20
_MAX_MODULE_BYTES = 200_000


@dataclasses.dataclass(frozen=True)
class Submission:
    """One student's submission, ready to grade.

    Attributes:
        student: The student's id.
        sha256: Digest of the file's bytes, and of the student's modules beside it.
        submitted_at: The time in `timestamp.txt` beside it, which nbgrader's collectors write.
        notebook: For people: the source version's cells with the student's answers.
        cells: The code cells to run, in order.
        modules: The student's own Python modules beside the notebook, by file name.
        untouched: Names of solution cells that are as released; None for a Python file.
        notices: What was changed or ignored, as sentences.
    """

    student: str
    sha256: str
    submitted_at: datetime | None
    notebook: Notebook
    cells: tuple[Cell, ...]
    modules: Mapping[str, bytes]
    untouched: frozenset[str] | None
    notices: tuple[str, ...]


def read_submission(file: SubmittedFile, source: Notebook, release: Notebook) -> Submission:
    """Open a submission and combine it with the source version.

    Args:
        file: From `find_submissions`.
        source: The source version, nbformat 4.
        release: The release version, whose solution cells are the stubs.

    Returns:
        The submission.

    Raises:
        SubmissionError: If the file cannot be read as a notebook.
    """
    if file.problem is not None:
        raise file.problem
    data, owner = read_with_owner(file.path, file.identity)
    modules = _modules_beside(file.path, owner)
    notices: tuple[str, ...] = ()
    untouched = None
    if file.path.suffix == ".py":
        script = decode_text(data)
        require_little_code(len(script))
        notebook, cells = display_script(script, source), tuple(script_cells(script, source))
    else:
        placed = place_cells(parse_notebook(data), source, release)
        notebook, notices = display_notebook(placed, source, release)
        cells = tuple(cells_to_run(placed, source))
        untouched = untouched_cells(placed, release)
    return Submission(
        student=file.student,
        sha256=_digest(data, modules),
        submitted_at=read_timestamp(file.path.with_name("timestamp.txt"), owner),
        notebook=notebook,
        cells=cells,
        modules=modules,
        untouched=untouched,
        notices=(*file.notices, *notices),
    )


def _modules_beside(path: Path, owner: int) -> dict[str, bytes]:
    """The student's own modules, which the notebook may import; only files of the same owner."""
    modules: dict[str, bytes] = {}
    for module in sorted(path.parent.glob("*.py"))[:_MAX_MODULES]:
        if module.stem.isidentifier() and module != path:
            with contextlib.suppress(SubmissionError):
                modules[module.name] = read_regular_file(
                    module, owner=owner, most_bytes=_MAX_MODULE_BYTES
                )
    return modules


def _digest(data: bytes, modules: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(data)
    for name, module in modules.items():
        digest.update(f"\0{name}\0".encode())
        digest.update(module)
    return digest.hexdigest()
