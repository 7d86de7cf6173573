"""*Run All* on a notebook as released, and what nbgrader makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from courses import CORPUS, NAME, ROOT
from nbclient import NotebookClient
from nbformat import NotebookNode, read
from nbgrader.utils import determine_grade
from nbgrader.validator import Validator

from autograder.course import load_course

CHECKS = load_course(ROOT).assignment(NAME).checks
WRONG = "weight_change_is_measured"


def run_all(notebook: Path) -> dict[str, NotebookNode]:
    """Run a notebook's cells as JupyterLab does, beside the assignment's modules, by nbgrader id.

    It fails where JupyterLab would stop.
    """
    node = read(notebook, as_version=4)
    NotebookClient(node, timeout=300, resources={"metadata": {"path": notebook.parent}}).execute()
    return {
        cell.metadata.nbgrader.grade_id: cell for cell in node.cells if "nbgrader" in cell.metadata
    }


def in_a_folder(notebook: Path, folder: Path) -> Path:
    """A copy with the assignment's modules beside it, as a student has it."""
    shutil.copytree(ROOT / "assignments" / NAME, folder / NAME)
    shutil.copy(notebook, folder / NAME / f"{NAME}.ipynb")
    return folder / NAME / f"{NAME}.ipynb"


@pytest.fixture(scope="module")
def fresh() -> dict[str, NotebookNode]:
    """The first assignment as released, after Run All."""
    return run_all(ROOT / "assignments" / NAME / f"{NAME}.ipynb")


def test_fresh_notebook_shows_no_error(fresh: dict[str, NotebookNode]) -> None:
    """No cell has a traceback or anything on stderr."""
    outputs = [output for cell in fresh.values() for output in cell.get("outputs", ())]
    assert outputs
    assert not [
        output
        for output in outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


def test_fresh_checks_are_not_attempted(fresh: dict[str, NotebookNode]) -> None:
    """Each check is one card that says which function to write."""
    for name in CHECKS:
        (card,) = fresh[name].outputs
        assert "not attempted" in card.data["text/html"]


@pytest.mark.parametrize(
    "cell", ["before_training", "five_epochs", "fruit_training", "loss_picture", "weights_picture"]
)
def test_demonstration_waits_for_its_function(cell: str, fresh: dict[str, NotebookNode]) -> None:
    """A demonstration that needs an answer, or a result of one that does, shows one line."""
    (line,) = fresh[cell].outputs
    assert line.data["text/plain"] == "Waiting for compile_model."


@pytest.mark.slow
def test_own_exception_keeps_its_traceback(tmp_path: Path) -> None:
    """Only stubs are quiet: a name that does not exist, or a library's exception, is shown."""
    path = in_a_folder(ROOT / "assignments" / NAME / f"{NAME}.ipynb", tmp_path)
    path.write_text(path.read_text().replace("model = build_model()", "model = biuld_model()", 1))
    (error,) = run_all(path)["before_training"].outputs
    assert (error.output_type, error.ename) == ("error", "NameError")


@pytest.fixture(scope="module")
def by_nbgrader(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    """A notebook with one mistake, run as `nbgrader autograde` runs it."""
    path = in_a_folder(CORPUS / "wrong/change-with-sign.ipynb", tmp_path_factory.mktemp("run"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        return run_all(path)


@pytest.mark.slow
def test_nbgrader_gives_the_points_of_the_checks(by_nbgrader: dict[str, NotebookNode]) -> None:
    """Wherever a check stands, nbgrader's own rule gives it our points."""
    points = {name: determine_grade(by_nbgrader[name])[0] for name in CHECKS}
    assert points == {**CHECKS, WRONG: 0}


@pytest.mark.slow
def test_copy_of_a_notebook_is_judged_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a right notebook, Validate of a copy with a mistake finds the mistake."""
    path = in_a_folder(CORPUS / "right/as-in-the-lesson.ipynb", tmp_path)
    copy = path.with_name(f"{NAME} (1).ipynb")
    shutil.copy(CORPUS / "wrong/change-with-sign.ipynb", copy)
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    cells = run_all(copy)
    assert {name: determine_grade(cells[name])[0] for name in CHECKS} == {**CHECKS, WRONG: 0}


@pytest.mark.slow
def test_nbgrader_shows_the_finding(by_nbgrader: dict[str, NotebookNode]) -> None:
    """The exception of a failed check is what the check found, and what to do."""
    card, error = by_nbgrader[WRONG].outputs
    assert error.traceback == card.data["text/plain"].splitlines()
    assert "absolute value" in error.traceback[-1]


@pytest.mark.slow
def test_validate_shows_the_findings_of_a_fresh_notebook(tmp_path: Path) -> None:
    """In nbgrader, Validate fails every check, with the function to write in the text."""
    path = in_a_folder(ROOT / "assignments" / NAME / f"{NAME}.ipynb", tmp_path)
    failed = Validator().validate(str(path))["failed"]
    assert len(failed) == len(CHECKS)
    assert all("Next step: Write " in found["raw_error"] for found in failed)
