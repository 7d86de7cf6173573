"""An assignment's corpus: right and wrong submissions that test its checks.

In an assignment's folder, `grading/corpus/right/` holds right answers in different styles, and
`grading/corpus/wrong/` wrong ones, one mistake each. `wrong/expected.yml` says for each wrong one
which checks it must fail, and gives words that the hint of one of them contains.
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
    """How a wrong submission must be graded.

    Attributes:
        hint: Words that the hint of one of its failed checks contains; backticks do not count.
        fails: The checks that it must fail, in the rubric's order.
        may_fail: Checks that it passes or fails by chance.
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
        expected: How it must be graded if it is wrong; None if it must pass.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    path: Path
    expected: Expected | None = None

    @property
    def is_release(self) -> bool:
        """Whether it is the release version, which must be graded as not attempted."""
        return self.name == "release"


class Corpus:
    """An assignment's corpus, with its source and release versions.

    Args:
        course: The course.
        assignment: The assignment.

    Attributes:
        right: The source version, then the right submissions.
        wrong: The wrong submissions.
        release: The release version.
        source: The source version, as a notebook.

    Raises:
        CourseError: If there is no right or no wrong submission, or if `expected.yml` and the
            wrong submissions do not match.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._folder = course.folder(assignment.name).corpus
        self.source = read_notebook(course.source_notebook(assignment.name))
        self._release = read_notebook(course.release_notebook(assignment.name))
        rows = self._read_expected(assignment)
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
                f"{self._folder / 'wrong' / _EXPECTED} and the notebooks beside it differ in: "
                f"{', '.join([*missing, *rows])}.",
                "Give each wrong notebook one row under its name, with hint and fails.",
            )

    def read(self, entry: Entry) -> Submission:
        """Read an entry as a student's submission."""
        return read_submission(SubmittedFile("ada", entry.path), self.source, self._release)

    def _notebooks(self, kind: str) -> list[Path]:
        notebooks = sorted((self._folder / kind).glob("*.ipynb"))
        if not notebooks:
            raise CourseError(
                f"{self._folder / kind} holds no notebook.",
                f"Put at least one {kind} submission there.",
            )
        return notebooks

    def _read_expected(self, assignment: Assignment) -> dict[str, Expected]:
        path = self._folder / "wrong" / _EXPECTED
        try:
            document: Any = YAML(typ="safe").load(path)
            rows = TypeAdapter(dict[str, Expected]).validate_python(document)
        except (OSError, YAMLError, ValidationError) as error:
            raise CourseError(
                f"{path}: {_reason(error)}",
                "Each row is NAME: with hint: TEXT and fails: [CHECK, ...].",
            ) from error
        for name, row in rows.items():
            unknown = [c for c in (*row.fails, *row.may_fail) if c not in assignment.checks]
            if unknown:
                raise CourseError(
                    f"{path}: {name} names {unknown[0]}, which is not a check of "
                    f"{assignment.name}.",
                    f"The checks are: {', '.join(assignment.checks)}.",
                )
        return rows


def _reason(error: Exception) -> str:
    """Why a file cannot be read, beginning with the place in it if that is known."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return " ".join([*map(str, first["loc"]), first["msg"]])


def surprises(entry: Entry, grade: Grade) -> list[str]:
    """Where a Grade differs from what the corpus expects, one line each.

    Args:
        entry: A submission of the corpus.
        grade: Its Grade.

    Returns:
        Lines of text; empty if everything is as expected.
    """
    if entry.is_release:
        attempted = [v for v in grade.checks if v.outcome is not Outcome.NOT_ATTEMPTED]
        return [f"{v.name} is {v.outcome.value}, not not_attempted" for v in attempted]
    failed = {v.name: v for v in grade.checks if v.outcome is not Outcome.PASSED}
    if entry.expected is None:
        return [f"{name} fails: {v.message}" for name, v in failed.items()]
    must, may = entry.expected.fails, entry.expected.may_fail
    lines = [f"{n} fails: {v.message}" for n, v in failed.items() if n not in (*must, *may)]
    lines += [f"{name} passes, and must fail" for name in must if name not in failed]
    phrase = entry.expected.hint.replace("`", "")
    if not any(phrase in verdict.hint.replace("`", "") for verdict in failed.values()):
        lines.append(f"no hint says {entry.expected.hint!r}")
    lines += [f"{name} fails without a hint" for name, v in failed.items() if not v.hint]
    # A check that must fail gives no points either way, but an error is not a verdict.
    broken = {n: v for n, v in failed.items() if v.outcome is Outcome.GRADER_ERROR}
    lines += [f"{name}: {v.message}" for name, v in broken.items()]
    return lines
