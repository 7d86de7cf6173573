"""The drop-in switch: nbgrader's command and formgrader's button grade in the sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, NAME, ROOT, copy_course
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from autograder import drop_in
from autograder.batch import ClassGrader
from autograder.errors import SandboxError, SandboxUnavailableError
from autograder.grading.grade import Grader

pytestmark = [
    pytest.mark.sandbox,
    # nbgrader's add_submission queries before it adds the submission that it has just linked.
    pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session"),
]

SWITCH = 'c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"\n'
RIGHT, WRONG = CORPUS / "right/as-in-the-lesson.ipynb", CORPUS / "wrong/from-logits.ipynb"
DAMAGED = b'{"cells": ['
WRITES = """\
try:
    open({path!r}, "w").close()
except OSError:
    pass
"""

Scores = dict[str, dict[str, float | None]]
Click = Callable[..., dict[str, Any]]


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run nbgrader in a course folder; what it logged."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return run(folder, "nbgrader", *arguments, PATH=path)


def run(folder: Path, *arguments: str, **variables: str) -> str:
    """Run a program of this environment in a course folder; what it wrote to stderr."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def hand_in(folder: Path, student: str, data: bytes) -> None:
    """Put a file where nbgrader collects it."""
    place = folder / "submitted" / student / NAME
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{NAME}.ipynb").write_bytes(data)


def scores(folder: Path) -> Scores:
    """The automatic score of each check's grade cell, by student."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            submission.student_id: {
                row.name: row.auto_score
                for book in submission.notebooks
                for row in book.grades
                if row.name != "why"
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def with_question(file: Path, words: str) -> bytes:
    """A notebook with one more cell: a question, which a person marks, or its answer."""
    notebook = json.loads(file.read_text())
    kind = {"grade": True, "solution": True, "locked": False, "task": False}
    settings = {"grade_id": "why", "points": 2, "schema_version": 3, **kind}
    cell = {"cell_type": "markdown", "id": "why", "metadata": {"nbgrader": settings}}
    notebook["cells"].append({**cell, "source": words})
    return json.dumps(notebook).encode()


def writes_a_file(path: Path) -> bytes:
    """The right answers, in a notebook that leaves a file where it is executed without walls."""
    notebook = json.loads(RIGHT.read_text())
    answer = next(cell for cell in notebook["cells"] if cell["id"] == "compile-model")
    answer["source"] = WRITES.format(path=str(path)) + "".join(answer["source"])
    return json.dumps(notebook).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the switch, whose class `nbgrader autograde` has graded once."""
    folder = tmp_path_factory.mktemp("switched")
    source = copy_course(folder).source_notebook(NAME)
    source.write_bytes(with_question(source, "Because."))
    config = (ROOT / "nbgrader_config.py").read_text()
    (folder / "nbgrader_config.py").write_text(config + SWITCH)
    nbgrader(folder, "generate_assignment", NAME, "--force")
    hand_in(folder, "ada", RIGHT.read_bytes())
    hand_in(folder, "dan", DAMAGED)
    hand_in(folder, "emmy", with_question(WRONG, "Since weights change."))
    hand_in(folder, "mallory", writes_a_file(folder / "executed"))
    (folder / "log").write_text(nbgrader(folder, "autograde", NAME))
    return folder


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course and class, graded by `autograder grade`."""
    plain = tmp_path_factory.mktemp("plain")
    copy_course(plain)
    for name in ("solutions", "assignments", "submitted"):
        shutil.copytree(folder / name, plain / name, dirs_exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", plain)
    nbgrader(plain, "generate_assignment", NAME, "--force")
    run(plain, "autograder", "grade", NAME)
    return plain


@pytest.fixture(scope="module")
def click(folder: Path) -> Iterator[Click]:
    """What formgrader's button calls, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"):
            patch.setenv(name, "")  # the configuration sets them, and they must not stay
        config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
        api = NbGraderAPI(CourseDirectory(root=str(folder), config=config), config=config)
        yield lambda student, name=NAME: api.autograde(name, student)
        drop_in._kept.close()


def test_nbgraders_command_gives_the_scores_of_ours(folder: Path, plain: Path) -> None:
    """Every grade cell of every student has the same score, a damaged notebook's too."""
    found = scores(folder)
    assert found == scores(plain)
    assert {student: sum(filter(None, cells.values())) for student, cells in found.items()} == {
        "ada": 18,
        "dan": 0,
        "emmy": 16,
        "mallory": 18,
    }


def test_answer_in_words_waits_for_a_person(folder: Path) -> None:
    """A graded answer that is no check is nbgrader's affair, and gets no automatic score."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        answer = gradebook.find_grade("why", NAME, NAME, "emmy")
        assert (answer.auto_score, answer.needs_manual_grade) == (None, True)
    shown = (folder / "autograded" / "emmy" / NAME / f"{NAME}.ipynb").read_text()
    assert "Since weights change." in shown


def test_grades_are_kept_in_both_ways(folder: Path, plain: Path) -> None:
    """The journal holds the Grades that `autograder grade` would have written, timings apart."""
    for student in ("ada", "dan", "emmy"):
        ours, theirs = (
            json.loads((place / "grades" / NAME / f"{student}.json").read_text())
            for place in (folder, plain)
        )
        assert {**ours, "seconds": 0} == {**theirs, "seconds": 0}


def test_student_code_runs_only_inside_the_walls(folder: Path) -> None:
    """A notebook that writes outside has written nothing, and the log tells of no execution."""
    assert not (folder / "executed").exists()
    assert "mallory: 18/18, passed" in (folder / "log").read_text()


def test_autograded_notebook_shows_the_verdicts(folder: Path) -> None:
    """Under the graded cell stand the card, and an error where the check failed."""
    path = folder / "autograded" / "emmy" / NAME / f"{NAME}.ipynb"
    (failed,) = [
        cell
        for cell in json.loads(path.read_text())["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "compile_loss_fits_labels"
    ]
    assert [output["output_type"] for output in failed["outputs"]] == ["display_data", "error"]
    assert "from_logits" in "".join(failed["outputs"][0]["data"]["text/plain"])


def test_stock_feedback_tells_the_verdict(folder: Path) -> None:
    """`nbgrader generate_feedback` makes its page of the autograded notebook, as ever."""
    nbgrader(folder, "generate_feedback", NAME, "--student", "emmy")
    page = (folder / "feedback" / "emmy" / NAME / f"{NAME}.html").read_text()
    assert "SparseCategoricalCrossentropy(from_logits=True)" in page


def test_button_takes_over_a_grade_and_keeps_what_a_person_entered(
    folder: Path, click: Click
) -> None:
    """What stands is not graded again; a manual score and a comment stay."""
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


def test_button_grades_what_is_new(folder: Path, plain: Path, click: Click) -> None:
    """A click trains in the sandbox; the next one finds the warm process there."""
    for student, file in (("fay", RIGHT), ("gus", WRONG)):
        hand_in(folder, student, file.read_bytes())
        done = click(student)
        assert done["success"], done
    found, expected = scores(folder), scores(plain)
    assert (found["fay"], found["gus"]) == (expected["ada"], expected["emmy"])


def test_grader_error_is_a_failure_and_no_zero(
    folder: Path, click: Click, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The click fails, the submission asks for a mark, and the next click grades it."""
    hand_in(folder, "hal", RIGHT.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(Grader, "run", fails)
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


def fails(*_arguments: object) -> None:
    """Break as a sandbox may."""
    raise SandboxError("The sandbox broke.")


def test_assignment_that_is_not_in_the_course_is_told_once(folder: Path, click: Click) -> None:
    """The run ends before the first student, with the message of course.yml."""
    other = "02-house-price"
    for student in ("ada", "emmy"):
        place = folder / "submitted" / student / other
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{other}.ipynb").write_text("{}")
    done = click("*", other)
    assert not done["success"]
    assert done["log"].count(f'has no assignment "{other}"; did you mean "02-house-prices"?') == 1
    assert "The assignments are: 01-first-training," in done["log"]


def test_walls_that_cannot_be_built_are_tried_once(
    folder: Path, click: Click, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be graded, each student's failure says so, and no time is lost."""
    tried = []

    def refuses(*arguments: object) -> None:
        tried.append(arguments)
        raise SandboxUnavailableError("No walls here.", "Run autograder doctor.")

    before = scores(folder)
    monkeypatch.setattr(ClassGrader, "grade", refuses)
    done = click("*")
    assert len(tried) == 1
    assert done["log"].count("[ERROR] No walls here.") == len(before)
    assert scores(folder) == before
