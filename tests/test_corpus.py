"""Every right submission passes everything; every wrong one fails what it must, and hears why."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, NAME, ROOT
from ruamel.yaml import YAML

from autograder.course import Course, Seeds
from autograder.grading.grade import Grader
from autograder.grading.scorer import Scorer
from autograder.results import Grade, Outcome
from autograder.seeds import fingerprint, grading_seeds
from autograder.submissions import Submission, grade_id, is_solution

RIGHT = sorted((CORPUS / "right").glob("*.ipynb"))
WRONG = sorted((CORPUS / "wrong").glob("*.ipynb"))
EXPECTED: dict[str, Any] = YAML(typ="safe").load(CORPUS / "wrong" / "expected.yml")
SEEDS = 20

GradeFile = Callable[[Path], Grade]


def stem(path: Path) -> str:
    """A submission's name in the corpus."""
    return path.stem


def test_corpus_is_as_large_as_promised() -> None:
    """There are at least 12 right styles and 20 wrong ones, each of which has its row."""
    assert len(RIGHT) >= 12
    assert len(WRONG) >= 20
    assert {path.stem for path in WRONG} == EXPECTED.keys()


@pytest.mark.parametrize("path", [*RIGHT, *WRONG], ids=stem)
def test_corpus_notebook_is_made_from_the_release_version(path: Path) -> None:
    """Everything but solution cells and added cells is the release version's."""
    release = json.loads((ROOT / "assignments" / NAME / f"{NAME}.ipynb").read_text())
    cells = json.loads(path.read_text())["cells"]
    given = [c for c in cells if not is_solution(c) and not c["id"].startswith("own-")]
    assert given == [c for c in release["cells"] if not is_solution(c)]
    assert {grade_id(c) for c in cells if is_solution(c)} == {
        grade_id(c) for c in release["cells"] if is_solution(c)
    }


@pytest.mark.sandbox
@pytest.mark.parametrize("path", RIGHT, ids=stem)
def test_right_submission_passes_every_check(path: Path, grade_file: GradeFile) -> None:
    """An equivalent right answer earns full marks."""
    grade = grade_file(path)
    assert [(v.name, v.message) for v in grade.checks if v.outcome is not Outcome.PASSED] == []
    assert grade.score == grade.max_score == 18


@pytest.mark.sandbox
@pytest.mark.parametrize("path", WRONG, ids=stem)
def test_wrong_submission_fails_exactly_its_checks(path: Path, grade_file: GradeFile) -> None:
    """A misconception costs its own checks, and a hint names it."""
    grade = grade_file(path)
    wrong = [verdict for verdict in grade.checks if verdict.outcome is not Outcome.PASSED]
    luck = EXPECTED[path.stem].get("may_fail", [])
    assert [v.name for v in wrong if v.name not in luck] == EXPECTED[path.stem]["fails"]
    assert any(EXPECTED[path.stem]["hint"] in verdict.hint for verdict in wrong)
    assert all(verdict.message and verdict.hint and verdict.points == 0 for verdict in wrong)


@pytest.mark.sandbox
def test_release_version_is_not_attempted(course: Course, grade_file: GradeFile) -> None:
    """What students get earns nothing, and is called by its name."""
    grade = grade_file(course.release_notebook(NAME))
    assert grade.outcome is Outcome.NOT_ATTEMPTED
    assert {verdict.outcome for verdict in grade.checks} == {Outcome.NOT_ATTEMPTED}
    assert grade.score == 0


@pytest.mark.sandbox
def test_solution_earns_full_marks(course: Course, grade_file: GradeFile) -> None:
    """The source version passes every check."""
    grade = grade_file(course.source_notebook(NAME))
    assert grade.outcome is Outcome.PASSED
    assert grade.score == 18


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize("number", range(SEEDS))
def test_right_submissions_pass_over_many_grading_seeds(
    number: int, grader: Grader, course: Course, read: Callable[[Path], Submission]
) -> None:
    """No honest style fails for the luck of a draw."""
    seeds = grading_seeds(number.to_bytes(32, "big"), NAME)
    failed = {}
    with ExitStack() as stack:
        other = with_seeds(grader, course, seeds, stack)
        for path in RIGHT:
            grade = other.grade(read(path))
            wrong = [v.message for v in grade.checks if v.outcome is not Outcome.PASSED]
            if wrong:
                failed[path.stem] = wrong
    assert failed == {}


def with_seeds(grader: Grader, course: Course, seeds: Seeds, stack: ExitStack) -> Grader:
    """The same warm process with a scorer for other seeds."""
    return Grader(
        course=course,
        assignment=grader.assignment,
        warm=grader.warm,
        scorer=stack.enter_context(Scorer(grader.warm, course, grader.assignment, seeds)),
        seeds={"kind": "grading", "fingerprint": fingerprint(seeds)},
        course_sha256=grader.course_sha256,
    )
