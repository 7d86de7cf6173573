"""The nbgrader exporter: nbgrader's command and formgrader's button grade in the sandbox."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import CORPUS, NAME, copy_course
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader_course import RIGHT, hand_in, run, scores, tell_nbgrader, writes_a_file
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import SandboxError, SandboxUnavailableError
from autograder.grading import Grader, IncrementalGrader, nbgrader_exporter
from autograder.submissions import Submission

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    # nbgrader's add_submission queries before it adds the submission that it has just linked.
    pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session"),
]

EXPORTER = 'c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"\n'
WRONG = CORPUS / "wrong/from-logits.ipynb"
DAMAGED = b'{"cells": ['
Click = Callable[..., dict[str, Any]]


def with_question(file: Path, words: str) -> bytes:
    """A notebook with one more cell: a question, which a person marks, or its answer."""
    notebook = json.loads(file.read_text())
    kind = {"grade": True, "solution": True, "locked": False, "task": False}
    settings = {"grade_id": "why", "points": 2, "schema_version": 3, **kind}
    cell = {"cell_type": "markdown", "id": "why", "metadata": {"nbgrader": settings}}
    notebook["cells"].append({**cell, "source": words})
    return json.dumps(notebook).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the exporter, whose class `nbgrader autograde` has graded once."""
    folder = tmp_path_factory.mktemp("with-exporter")
    source = copy_course(folder).source_notebook(NAME)
    source.write_bytes(with_question(source, "Because."))
    tell_nbgrader(folder, settings=EXPORTER)
    hand_in(folder, "ada", RIGHT.read_bytes())
    hand_in(folder, "dan", DAMAGED)
    hand_in(folder, "emmy", with_question(WRONG, "Since weights change."))
    hand_in(folder, "mallory", writes_a_file(folder / "executed"))
    (folder / "log").write_text(run(folder, "nbgrader", "autograde", NAME))
    return folder


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course and class, graded by `autograder grade`."""
    plain = tmp_path_factory.mktemp("plain")
    copy_course(plain)
    for name in ("solutions", "assignments", "submitted"):
        shutil.copytree(folder / name, plain / name, dirs_exist_ok=True)
    tell_nbgrader(plain)
    run(plain, "autograder", "grade", NAME)
    return plain


@pytest.fixture(scope="module")
def click(folder: Path) -> Iterator[Click]:
    """The call of formgrader's button, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"):
            patch.setenv(name, "")  # the configuration sets them, and they must not stay
        config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
        api = NbGraderAPI(CourseDirectory(root=str(folder), config=config), config=config)
        yield lambda student, name=NAME: api.autograde(name, student)
        nbgrader_exporter._cache.close()


def test_class_graded_by_nbgraders_command_has_the_scores_of_ours(
    folder: Path, plain: Path
) -> None:
    """Every grade cell of every student has the same score, a damaged notebook's too."""
    found = scores(folder)
    assert found == scores(plain)
    assert {student: sum(filter(None, cells.values())) for student, cells in found.items()} == {
        "ada": 18,
        "dan": 0,
        "emmy": 16,
        "mallory": 18,
    }


def test_answer_that_a_person_marks_gets_no_automatic_score(folder: Path) -> None:
    """A graded answer without a check is left to nbgrader, which asks for a manual mark."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        answer = gradebook.find_grade("why", NAME, NAME, "emmy")
        assert (answer.auto_score, answer.needs_manual_grade) == (None, True)
    shown = (folder / "autograded" / "emmy" / NAME / f"{NAME}.ipynb").read_text()
    assert "Since weights change." in shown


def test_grade_stored_by_nbgraders_command_is_the_same(folder: Path, plain: Path) -> None:
    """The stored Grades are those of `autograder grade`, timings apart."""
    for student in ("ada", "dan", "emmy"):
        ours, theirs = (
            json.loads((place / "grades" / NAME / f"{student}.json").read_text())
            for place in (folder, plain)
        )
        assert {**ours, "seconds": 0} == {**theirs, "seconds": 0}


def test_notebook_that_writes_a_file_is_not_executed_outside_the_sandbox(folder: Path) -> None:
    """A notebook that writes a file where it is executed has written nothing."""
    assert not (folder / "executed").exists()
    assert "mallory: 18/18, passed" in (folder / "log").read_text()


def test_autograded_notebook_has_the_verdicts(folder: Path) -> None:
    """Under the graded cell is one card; its plain text are the points, which nbgrader reads."""
    path = folder / "autograded" / "emmy" / NAME / f"{NAME}.ipynb"
    (failed,) = [
        cell
        for cell in json.loads(path.read_text())["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "compile_loss_fits_labels"
    ]
    (card,) = failed["outputs"]
    assert "from_logits" in "".join(card["data"]["text/html"])
    assert "".join(card["data"]["text/plain"]) == "0"


def test_feedback_of_stock_nbgrader_has_the_verdict(folder: Path) -> None:
    """`nbgrader generate_feedback` makes its page from the autograded notebook, as always."""
    run(folder, "nbgrader", "generate_feedback", NAME, "--student", "emmy")
    page = (folder / "feedback" / "emmy" / NAME / f"{NAME}.html").read_text()
    assert "SparseCategoricalCrossentropy(from_logits=True)" in page


def test_button_on_a_graded_submission_keeps_what_a_person_entered(
    folder: Path, click: Click
) -> None:
    """An existing Grade is not made again; a manual score and a comment stay."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("compile_loss_fits_labels", NAME, NAME, "emmy").manual_score = 1
        gradebook.find_comment("train_model", NAME, NAME, "emmy").manual_comment = "Nearly."
        gradebook.db.commit()
    done = click("emmy")
    assert done["success"], done
    assert "emmy: 16/18, failed (graded before)" in done["log"]
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(NAME, "emmy")
        assert (submission.score, submission.needs_manual_grade) == (17, True)
        assert gradebook.find_comment("train_model", NAME, NAME, "emmy").comment == "Nearly."


def test_button_on_a_new_submission_grades_it(folder: Path, plain: Path, click: Click) -> None:
    """A click trains in the sandbox; the next one uses the same fork server."""
    for student, file in (("fay", RIGHT), ("gus", WRONG)):
        hand_in(folder, student, file.read_bytes())
        done = click(student)
        assert done["success"], done
    found, expected = scores(folder), scores(plain)
    assert (found["fay"], found["gus"]) == (expected["ada"], expected["emmy"])


def test_button_after_a_grader_error_reports_a_failure_and_no_zero(
    folder: Path, click: Click, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The click fails, the submission asks for a mark, and the next click grades it."""
    hand_in(folder, "hal", RIGHT.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(Grader, "run", fails_for("hal", Grader.run))
        done = click("hal")
    assert not done["success"]
    line = f"[ERROR] hal/{NAME} has no mark, through no fault of the student's: The sandbox broke."
    assert line in done["log"]
    assert not (folder / "autograded" / "hal" / NAME).exists()
    assert set(scores(folder)["hal"].values()) == {None}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission(NAME, "hal").needs_manual_grade
    assert click("hal")["success"]
    assert sum(filter(None, scores(folder)["hal"].values())) == 18


def test_second_attempt_after_a_grader_error_has_no_first_mark(
    folder: Path, click: Click, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt's points are removed with a line in the log, and a manual score stays."""
    hand_in(folder, "kim", RIGHT.read_bytes())
    assert click("kim")["success"]
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("loss_goes_down", NAME, NAME, "kim").manual_score = 1
        gradebook.db.commit()
    hand_in(folder, "kim", WRONG.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(Grader, "run", fails_for("kim", Grader.run))
        done = click("kim")
    assert "kim: could not be graded, so it has no mark; the 18 points of the" in done["log"]
    assert set(scores(folder)["kim"].values()) == {None}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(NAME, "kim")
        assert (submission.score, submission.needs_manual_grade) == (1, True)
        assert gradebook.find_assignment(NAME).course_id == "why-training-changes-weights"


def test_gradebook_that_contradicts_course_yml_is_refused(folder: Path, click: Click) -> None:
    """A gradebook that the course does not use gets no marks."""
    course = folder / "course.yml"
    text = course.read_text()
    try:
        course.write_text(f"gradebook: other.db\n{text}")
        done = click("ada")
    finally:
        course.write_text(text)
    assert not done["success"]
    assert "There must be one gradebook, and two are configured" in done["log"]
    assert str(folder / "other.db") in done["log"]


def test_button_on_an_unfit_machine_reports_a_failure_and_no_zero(
    folder: Path, click: Click, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the course's own solution fails too, nobody is graded, and nobody has a zero."""
    hand_in(folder, "ivy", RIGHT.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(Grader, "run", fails_for("", Grader.run))
        done = click("ivy")
    assert not done["success"]
    assert "does not get full marks on this machine" in done["log"]
    assert set(scores(folder)["ivy"].values()) == {None}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission(NAME, "ivy").needs_manual_grade


def fails_for(student: str, run: Callable[..., Any]) -> Callable[..., Any]:
    """A `Grader.run` that fails as a sandbox may, for one student or, for "", for everybody."""

    def fails(grader: Grader, submission: Submission, **options: Any) -> Any:
        if student in ("", submission.student):
            raise SandboxError("The sandbox broke.")
        return run(grader, submission, **options)

    return fails


def test_assignment_that_is_not_in_the_course_is_reported_once(folder: Path, click: Click) -> None:
    """The run ends before the first student, and says what to add and how to go back."""
    other = "02-house-price"
    for student in ("ada", "emmy"):
        place = folder / "submitted" / student / other
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{other}.ipynb").write_text("{}")
    done = click("*", other)
    assert not done["success"]
    assert done["log"].count(f'has no assignment "{other}"; did you mean "02-house-prices"?') == 1
    assert "Add it to course.yml" in done["log"]
    way_back = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"
    assert f"nbgrader autograde {other} {way_back}" in done["log"]


def test_sandbox_that_is_unavailable_is_tried_once(
    folder: Path, click: Click, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be graded, each student's failure says so, and no time is lost."""
    tried = []

    def refuses(*arguments: object) -> None:
        tried.append(arguments)
        raise SandboxUnavailableError("No sandbox here.", "Run autograder doctor.")

    before = scores(folder)
    monkeypatch.setattr(IncrementalGrader, "grade", refuses)
    done = click("*")
    assert len(tried) == 1
    assert done["log"].count("[ERROR] No sandbox here.") == len(before)
    assert scores(folder) == before
