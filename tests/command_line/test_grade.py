"""`autograder grade` from end to end, as an instructor types it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import hand_in, read_grades, run
from courses import CORPUS, NAME, copy_course
from nbgrader.api import Gradebook

pytestmark = pytest.mark.sandbox

CLASS = {
    "ada": "right/as-in-the-lesson",
    "bob": "wrong/returns-nothing",
    "cyd": "wrong/change-with-sign",
}
DAMAGED = {
    "corrupt": b'{"cells": [',
    "empty": b"",
    "latin": '{"cells": "é"}'.encode("latin-1"),
    "old": b'{"nbformat": 3, "worksheets": []}',
    "sixty": b'{"nbformat": 4, "cells": [], "x": "' + b"x" * 60_000_000 + b'"}',
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A course folder whose class has been graded once: folder, standard output, standard error."""
    folder = tmp_path_factory.mktemp("class")
    copy_course(folder)
    for student, name in CLASS.items():
        hand_in(folder, student, (CORPUS / f"{name}.ipynb").read_bytes())
    for student, data in DAMAGED.items():
        hand_in(folder, student, data)
    script = folder / "submitted" / "pia" / NAME / f"{NAME}.py"
    script.parent.mkdir(parents=True)
    script.write_text(python_file(CORPUS / "right/as-in-the-lesson.ipynb"))
    before = snapshot(folder / "submitted")
    done = run(folder, "grade", NAME, "--json", "first.json")
    assert done.returncode == 0, done.stderr
    assert snapshot(folder / "submitted") == before
    return folder, done.stdout, done.stderr


def python_file(notebook: Path) -> str:
    """A notebook as JupyterLab exports it to Python, with one cell that fails."""
    cells = [c for c in json.loads(notebook.read_text())["cells"] if c["cell_type"] == "code"]
    sources = ["get_ipython().system('ls')", "1 / 0", *("".join(c["source"]) for c in cells)]
    return "".join(f"# In[{number}]:\n\n{source}\n\n" for number, source in enumerate(sources))


def snapshot(folder: Path) -> dict[str, float]:
    """Every file below a folder with its time of change."""
    return {str(path): path.stat().st_mtime for path in folder.rglob("*")}


def test_graded_class_has_a_table_and_reports(graded: tuple[Path, str, str]) -> None:
    """Each submission has a row, a report and an autograded notebook."""
    folder, stdout, _ = graded
    for student in [*CLASS, *DAMAGED]:
        assert student in stdout
        assert (folder / "feedback" / student / NAME / f"{NAME}.html").is_file()
        assert (folder / "autograded" / student / NAME / f"{NAME}.ipynb").is_file()
    found = read_grades(folder / "first.json")
    assert [found[student]["score"] for student in CLASS] == [18, 17, 16]


def test_python_file_is_graded_like_a_notebook(graded: tuple[Path, str, str]) -> None:
    """A .py of the same stem gets its marks, its report and a notebook for formgrader."""
    folder, _, _ = graded
    assert read_grades(folder / "first.json")["pia"]["score"] == 18
    shown = (folder / "autograded" / "pia" / NAME / f"{NAME}.ipynb").read_text()
    assert "1 / 0" in shown
    assert (folder / "feedback" / "pia" / NAME / f"{NAME}.html").is_file()


def test_damaged_notebook_gets_one_clear_line(graded: tuple[Path, str, str]) -> None:
    """A broken file costs its owner a clear reason, and nobody else anything."""
    folder, _, stderr = graded
    found = read_grades(folder / "first.json")
    reasons = {
        "corrupt": "not a notebook",
        "empty": "empty",
        "latin": "not a notebook",
        "old": "format 3",
        "sixty": "57 MB",
    }
    for student, reason in reasons.items():
        assert reason in found[student]["checks"][0]["message"]
        assert found[student]["score"] == 0
        assert stderr.count(f"{student}: 0/18, failed") == 1
    assert "Traceback" not in stderr


def test_gradebook_of_nbgrader_holds_the_same_scores(graded: tuple[Path, str, str]) -> None:
    """The gradebook that nbgrader opens holds our scores."""
    folder, _, _ = graded
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for student, grade in read_grades(folder / "first.json").items():
            submission = gradebook.find_submission(NAME, student)
            assert submission.score == grade["score"]
            assert submission.max_score == 18


def test_second_run_grades_nothing_again(graded: tuple[Path, str, str]) -> None:
    """A Grade of the same submission, course and checks is kept."""
    folder, _, _ = graded
    reports = snapshot(folder / "feedback")
    done = run(folder, "grade", NAME, "--json", "second.json")
    assert done.returncode == 0
    assert done.stderr.count("graded before") == len([*CLASS, "pia"])
    assert read_grades(folder / "second.json") == read_grades(folder / "first.json")
    kept = {path: time for path, time in reports.items() if not any(d in path for d in DAMAGED)}
    after = snapshot(folder / "feedback")
    assert kept.items() <= after.items()


@pytest.mark.slow
def test_forced_run_gives_the_same_grades_and_keeps_manual_scores(
    graded: tuple[Path, str, str],
) -> None:
    """Graded twice, a class has the same Grades; what a person scored stays."""
    folder, _, _ = graded
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("loss_goes_down", NAME, NAME, "bob")
        grade.manual_score = 1.5
        gradebook.db.commit()
    done = run(folder, "grade", NAME, "--force", "--json", "third.json", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert read_grades(folder / "third.json") == read_grades(folder / "first.json")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("loss_goes_down", NAME, NAME, "bob").score == 1.5


def test_grade_has_the_documented_fields(graded: tuple[Path, str, str]) -> None:
    """The JSON has what the documentation lists, and never a seed."""
    folder, _, _ = graded
    ada = read_grades(folder / "first.json")["ada"]
    assert {
        *("student", "assignment", "outcome", "score", "max_score", "checks", "seeds", "sandbox"),
        *("environment", "submission_sha256", "course_sha256", "seconds"),
    } <= ada.keys()
    assert ada["sandbox"] == {"tier": "full"}
    assert set(ada["seeds"]) == {"kind", "fingerprint"}
    assert {
        *("name", "title", "about", "cause", "follows", "outcome", "points", "max_points"),
        *("message", "hint", "evidence"),
    } == ada["checks"][0].keys()


def test_grade_without_a_name_grades_every_assignment_with_submissions(
    graded: tuple[Path, str, str],
) -> None:
    """The class handed in one assignment of the course, so that one is graded."""
    folder, _, _ = graded
    done = run(folder, "grade", "--json", "all.json")
    assert done.returncode == 0, done.stderr
    assert read_grades(folder / "all.json") == read_grades(folder / "first.json")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "01-frist-training"], "did you mean"),
        (["grade", NAME, "--submitted", "nowhere"], "nowhere"),
        (["grade", NAME, "--student", "eve"], "eve"),
        (["grade", NAME, "--wrokers", "2"], "wrokers"),
        (["grade", "--submitted", "assignments"], "no submission of any assignment"),
    ],
    ids=["assignment", "folder", "student", "option", "empty folder"],
)
def test_bad_usage_exits_2_with_a_message(
    graded: tuple[Path, str, str], arguments: list[str], words: str
) -> None:
    """A slip of the keyboard gets a message and status 2, never a traceback."""
    done = run(graded[0], *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_export_of_nbgrader_gives_the_same_scores(graded: tuple[Path, str, str]) -> None:
    """`nbgrader export` reads our gradebook."""
    folder, _, _ = graded
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", "--to", "out.csv"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with (folder / "out.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert [rows[student] for student in ("ada", "cyd")] == [18, 16]


def test_practice_seeds_keep_no_mark(tmp_path: Path) -> None:
    """`--practice-seeds` grades by the public seeds, each time again, and writes nothing else."""
    copy_course(tmp_path)
    hand_in(tmp_path, "ada", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    before = sorted(tmp_path.iterdir())
    done = run(tmp_path, "grade", NAME, "--practice-seeds", "--json", "practice.json")
    assert done.returncode == 0, done.stderr
    assert read_grades(tmp_path / "practice.json")["ada"]["seeds"]["kind"] == "practice"
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "practice.json"])
