"""The submissions by which an assignment's checks are themselves tested: right and wrong ones.

`tests/corpus/ASSIGNMENT/right/` holds different right answers, `wrong/` one misconception each;
`wrong/expected.yml` says for each which checks it must fail, and words that one of its hints holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.results import Grade, Outcome
from autograder.submissions import Submission, SubmittedFile, read_notebook, read_submission

_EXPECTED = "expected.yml"


class Expected(BaseModel):
    """What a wrong submission must come to.

    Attributes:
        hint: Words that the hint of one of its failed checks holds.
        fails: The checks that it fails, in the rubric's order.
        may_fail: Checks that the luck of the draw decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hint: str
    fails: tuple[str, ...]
    may_fail: tuple[str, ...] = ()


class Entry(BaseModel):
    """One submission of the corpus.

    Attributes:
        name: Such as "right/objects", "wrong/never-fits", "solution" or "release".
        path: The notebook.
        expected: What it must come to if it is wrong; None if it must pass.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    path: Path
    expected: Expected | None = None

    @property
    def is_release(self) -> bool:
        """Whether it is what students get, which must come out as not attempted."""
        return self.name == "release"


class Corpus:
    """An assignment's corpus, beside its source and release versions.

    Args:
        course: The course.
        assignment: The assignment.

    Raises:
        CourseError: If the corpus has no right or no wrong submission, or its rows and its
            notebooks differ.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.folder = course.root / "tests" / "corpus" / assignment.name
        self._source = read_notebook(course.source_notebook(assignment.name))
        self._release = read_notebook(course.release_notebook(assignment.name))
        rows = self._rows(assignment)
        self.right = [
            Entry(name="solution", path=course.source_notebook(assignment.name)),
            *(Entry(name=f"right/{path.stem}", path=path) for path in self._notebooks("right")),
        ]
        self.wrong = [
            Entry(name=f"wrong/{path.stem}", path=path, expected=rows.pop(path.stem, None))
            for path in self._notebooks("wrong")
        ]
        self.release = Entry(name="release", path=course.release_notebook(assignment.name))
        missing = [entry.name for entry in self.wrong if entry.expected is None]
        if missing or rows:
            raise CourseError(
                f"{self.folder / 'wrong' / _EXPECTED} and the notebooks beside it differ in: "
                f"{', '.join([*missing, *rows])}.",
                "Give each wrong notebook one row of its name: hint, fails.",
            )

    def read(self, entry: Entry) -> Submission:
        """Read an entry as a student's submission."""
        return read_submission(SubmittedFile("ada", entry.path), self._source, self._release)

    def _notebooks(self, kind: str) -> list[Path]:
        found = sorted((self.folder / kind).glob("*.ipynb"))
        if not found:
            raise CourseError(
                f"{self.folder / kind} holds no notebook.",
                "Put at least one right and one wrong submission beside the assignment.",
            )
        return found

    def _rows(self, assignment: Assignment) -> dict[str, Expected]:
        path = self.folder / "wrong" / _EXPECTED
        try:
            found: Any = YAML(typ="safe").load(path)
            rows = TypeAdapter(dict[str, Expected]).validate_python(found)
        except (OSError, YAMLError, ValidationError) as error:
            said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            place = error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()
            raise CourseError(
                f"{path}: {' '.join(map(str, place))} {said}".replace("  ", " "),
                "Each row is NAME: with hint: TEXT and fails: [CHECK, ...].",
            ) from error
        for name, row in rows.items():
            unknown = [c for c in (*row.fails, *row.may_fail) if c not in assignment.checks]
            if unknown:
                raise CourseError(
                    f"{path}: {name} names a check that {assignment.name} has not: {unknown[0]}.",
                    f"It has: {', '.join(assignment.checks)}.",
                )
        return rows


def surprises(entry: Entry, grade: Grade) -> list[str]:
    """What a Grade says otherwise than the corpus, one line each; empty if all is as it must be.

    Args:
        entry: A submission of the corpus.
        grade: Its Grade.
    """
    wrong = [verdict for verdict in grade.checks if verdict.outcome is not Outcome.PASSED]
    if entry.is_release:
        attempted = [v for v in grade.checks if v.outcome is not Outcome.NOT_ATTEMPTED]
        return [f"{v.name} is {v.outcome.value}, not not_attempted" for v in attempted]
    if entry.expected is None:
        return [f"{v.name} fails: {v.message}" for v in wrong]
    must, may = entry.expected.fails, entry.expected.may_fail
    failed = [verdict.name for verdict in wrong]
    found = [f"{v.name} fails: {v.message}" for v in wrong if v.name not in (*must, *may)]
    found += [f"{name} passes, and must fail" for name in must if name not in failed]
    if not any(entry.expected.hint in verdict.hint for verdict in wrong):
        found.append(f"no hint says {entry.expected.hint!r}")
    found += [f"{v.name} fails without a hint" for v in wrong if not v.hint]
    # No mark at all, however wrong the answer is: it would wait for a grader that works.
    found += [f"{v.name}: {v.message}" for v in wrong if v.outcome is Outcome.GRADER_ERROR]
    return found
