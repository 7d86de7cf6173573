"""`check` in the student's own notebook."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import CORPUS, NAME, ROOT
from nbclient import NotebookClient
from nbformat import NotebookNode, reads, validate
from nbformat.v4 import new_code_cell

from autograder import CheckFailed, CourseError, check
from autograder.course import load_course
from autograder.student.kernel import current_assignment

BESIDE_THE_NOTEBOOK = ROOT / "solutions" / NAME
CHECKS = load_course(ROOT).assignment(NAME).checks
COUNT_TRAININGS = """\
import functools

trainings = []
plain_train_model = train_model


@functools.wraps(plain_train_model)
def train_model(*arguments, **options):
    trainings.append(arguments)
    return plain_train_model(*arguments, **options)
"""
PRINT_TRAININGS = "print(len(trainings))"


@pytest.fixture
def _modules_beside_the_notebook(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let cells import the assignment's own modules, as a kernel does."""
    monkeypatch.syspath_prepend(BESIDE_THE_NOTEBOOK)
    yield
    sys.modules.pop("fruit", None)


def namespace_of(path: Path) -> dict[str, Any]:
    """Run a corpus notebook's own cells in this process."""
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text())["cells"]:
        settings = cell["metadata"].get("nbgrader", {}) if cell["cell_type"] == "code" else {}
        if settings.get("solution") or settings.get("grade_id") in {"imports", "build_model"}:
            exec("".join(cell["source"]), names)  # noqa: S102 - our own corpus
    return names


@pytest.mark.usefixtures("_modules_beside_the_notebook")
def test_right_answer_passes_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    """All checks pass with the practice seeds, and the console says so."""
    check(NAME, namespace=namespace_of(CORPUS / "right/as-in-the-lesson.ipynb"))
    lines = capsys.readouterr().out.splitlines()
    ticked = [re.split("[()]", line)[1] for line in lines if line.startswith("✓")]
    assert ticked == list(CHECKS)
    assert lines[-1] == "10 of 10 checks pass, 18 of 18 points"


@pytest.mark.usefixtures("_modules_beside_the_notebook")
def test_wrong_answer_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """A failed check says why and what to do, and the notebook continues."""
    names = namespace_of(CORPUS / "wrong/change-with-sign.ipynb")
    check(NAME, "weight_change_is_measured", namespace=names)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✗ The weight changes are measured (weight_change_is_measured)  0/2"
    assert "absolute value" in lines[-1]


@pytest.mark.usefixtures("_modules_beside_the_notebook")
def test_wrong_answer_raises_while_nbgrader_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that raises gets no points from nbgrader; Validate shows the text of the exception."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    names = namespace_of(CORPUS / "wrong/change-with-sign.ipynb")
    with pytest.raises(CheckFailed, match="absolute value"):
        check(NAME, "weight_change_is_measured", namespace=names)
    check(NAME, "loss_goes_down", namespace=names)


@pytest.mark.usefixtures("_modules_beside_the_notebook")
@pytest.mark.parametrize("arguments", [(), ("weight_change_is_measured",)])
def test_check_without_an_assignment_knows_its_notebook(
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The notebook's name, as Jupyter tells it, names the assignment, also of a second copy."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", f"homework/{NAME} (1).ipynb")
    check(*arguments, namespace=namespace_of(CORPUS / "wrong/change-with-sign.ipynb"))
    assert (
        "✗ The weight changes are measured (weight_change_is_measured)  0/2"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("names", "assignment"),
    [
        ({"__vsc_ipynb_file__": f"/home/ada/{NAME}-Copy1.ipynb"}, NAME),
        ({"__file__": f"/home/ada/{NAME}.py"}, NAME),
        ({"compile_model": ..., "train_model": ..., "first_layer_weights": ...}, NAME),
        ({"best_epoch": ..., "compile_model": ...}, "03-digit-images"),
        ({"compile_model": ..., "unrelated": ...}, None),
        ({}, None),
    ],
)
def test_assignment_follows_from_file_or_functions(
    names: dict[str, Any],
    assignment: str | None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Where the folder does not tell the assignment, an editor's file name or the functions do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    current = current_assignment(load_course(ROOT), names)
    assert (current.name if current else None) == assignment


def test_check_in_an_unknown_notebook_asks_for_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where nothing tells the assignment, the message gives the call that names it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="cannot tell which assignment") as error:
        check(namespace={})
    assert f'check("{NAME}")' in error.value.tip


def test_misspelled_check_of_this_notebook_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A first argument that is nearly a check's name is not mistaken for an assignment's."""
    (tmp_path / NAME).mkdir()
    monkeypatch.chdir(tmp_path / NAME)
    with pytest.raises(CourseError, match="no check 'los_goes_down'"):
        check("los_goes_down", namespace={})


def test_unknown_check_names_those_that_there_are() -> None:
    """A misspelled check is answered with the list of checks."""
    with pytest.raises(CourseError, match="no check 'loss_goes_up'") as error:
        check(NAME, "loss_goes_up", namespace={})
    assert error.value.tip == f"It has: {', '.join(CHECKS)}."


def is_graded(cell: NotebookNode) -> bool:
    """Whether nbgrader gives points for a cell."""
    return cell.cell_type == "code" and bool(cell.metadata.get("nbgrader", {}).get("grade"))


@pytest.fixture(scope="module")
def executed() -> NotebookNode:
    """A notebook run in a real kernel: the answers, all checks, and one check once more."""
    path = CORPUS / "wrong/change-with-sign.ipynb"
    notebook = reads(path.read_text(), as_version=4)
    answers = [
        cell
        for cell in notebook.cells
        if not is_graded(cell) and "demo" not in cell.metadata.get("tags", [])
    ]
    checks = [cell for cell in notebook.cells if is_graded(cell)]
    notebook.cells = [
        *answers,
        new_code_cell(COUNT_TRAININGS),
        *checks,
        new_code_cell(PRINT_TRAININGS),
        new_code_cell(f"check({NAME!r}, 'loss_goes_down')"),
        new_code_cell(PRINT_TRAININGS),
    ]
    client = NotebookClient(
        notebook,
        timeout=300,
        allow_errors=True,
        resources={"metadata": {"path": str(BESIDE_THE_NOTEBOOK)}},
    )
    client.execute()
    validate(notebook)
    return notebook


def test_kernel_shows_a_card_below_each_check(executed: NotebookNode) -> None:
    """In Jupyter a check is one card and no exception, whether it passed or failed."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in executed.cells if is_graded(cell)}
    assert sorted(cells) == sorted(CHECKS)
    for name, cell in cells.items():
        (card,) = cell.outputs
        assert card.output_type == "display_data"
        assert card.data["text/html"].startswith("<section")
        mark = "✗" if name == "weight_change_is_measured" else "✓"
        first_line = card.data["text/plain"].splitlines()[0]
        assert first_line.startswith(mark)
        assert f"({name})" in first_line


def test_checks_in_a_row_train_once(executed: NotebookNode) -> None:
    """Ten checks of one answer cost one training; after another cell a check trains again."""
    printed = [cell.outputs[0].text for cell in executed.cells if cell.source == PRINT_TRAININGS]
    assert printed == ["1\n", "2\n"]
