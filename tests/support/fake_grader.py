"""A class that is graded without a sandbox: each check comes out as a test says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from commands import hand_in
from courses import CORPUS, KEY, NAME, ROOT
from grades import make_rubric_grade

from autograder.course import Assignment, Course, SeedSource, load_course
from autograder.grading import GradeStore, grading_digest, incremental, local
from autograder.grading.grader import Graded
from autograder.results import Grade, Outcome
from autograder.submissions import Submission

RIGHT = (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes()
Outcomes = Mapping[str, Outcome]


@dataclasses.dataclass
class _FakeServer:
    """A fork server that confines nothing.

    Attributes:
        tier: What it says of its sandbox.
        environment: What it says of its versions.
        alive: Whether it can fork.
    """

    tier: str = "full"
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    alive: bool = True


@dataclasses.dataclass(frozen=True)
class _FakeGrader:
    """Answers as the class is told.

    Attributes:
        of: The class.
        assignment: The assignment.
        course_sha256: Digest of the course when it was started.
        server: Its fork server.
        on_broken: As in `Grader`.
        seeds: As in `Grader`.
        reference_seconds: As in `Grader`.
    """

    of: FakeClass
    assignment: Assignment
    course_sha256: str
    server: _FakeServer
    on_broken: object = None
    seeds: SeedSource | None = None
    reference_seconds: float = 0.0

    def grade_and_keep(self, submission: Submission, *, alone: bool = False) -> Graded:
        """Grade, with the outcomes of the student's."""
        del alone
        self.of.graded.append(submission.student)
        grade = make_rubric_grade(
            self.assignment.checks,
            self.of.outcomes.get(submission.student),
            student=submission.student,
            submission_sha256=submission.sha256,
            course_sha256=self.course_sha256,
        )
        if self.seeds is not None:
            fingerprint = self.seeds.fingerprint(submission.sha256)
            seeds = {"kind": self.seeds.kind, "fingerprint": fingerprint}
            grade = grade.model_copy(update={"seeds": seeds})
        return Graded(grade)

    def grade(self, submission: Submission, *, alone: bool = False) -> Grade:
        """Grade."""
        return self.grade_and_keep(submission, alone=alone).grade


class FakeClass:
    """A course folder whose grader is replaced; the folder may hold a course already.

    Attributes:
        root: The folder.
        outcomes: The checks that do not pass, by student.
        graded: Students in the order in which they were graded.
        server: The fork server of all its graders.
    """

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.outcomes: dict[str, Outcomes] = {}
        self.graded: list[str] = []
        self.server = _FakeServer()
        if not (root / "course.yml").exists():
            _make_course(root)

        digest = ""

        def compute(*arguments: Any) -> str:  # in the main thread
            nonlocal digest
            digest = grading_digest(*arguments)
            return digest

        def start(_: Course, assignment: Assignment, *__: object, **___: object) -> _FakeGrader:
            return _FakeGrader(self, assignment, digest, self.server)

        monkeypatch.setattr(incremental, "grading_digest", compute)
        monkeypatch.setattr(incremental, "start_grader", start)
        monkeypatch.setattr(incremental, "require_full_marks", lambda *_: None)
        monkeypatch.setattr(incremental, "fast_if_identical", lambda grader, _: grader)
        monkeypatch.setattr(local, "require_full_marks", lambda *_: None)
        monkeypatch.setattr(local, "with_causes", lambda _, __, grade, *___: grade)

    @property
    def course(self) -> Course:
        """The course as it is now."""
        return load_course(self.root)

    def hand_in(self, *students: str, data: bytes = RIGHT) -> None:
        """Let students hand in a notebook."""
        for student in students:
            hand_in(self.root, student, data)

    def set_threshold(self, name: str, value: float) -> None:
        """Change the first assignment's threshold of that name in course.yml."""
        path = self.root / "course.yml"
        pattern = rf"(?m)^(      {name}: )\S+"
        text, changes = re.subn(pattern, rf"\g<1>{value}", path.read_text(), count=1)
        assert changes == 1
        path.write_text(text)

    def scores(self) -> dict[str, float | None]:
        """The class's marks on disk."""
        store = GradeStore(self.root / "grades" / NAME)
        return {s: grade.score for s in store.students() if (grade := store.read(s))}


def _make_course(root: Path) -> None:
    for name in ("solutions", "assignments"):
        (root / name).symlink_to(ROOT / name)
    (root / "course.yml").write_bytes((ROOT / "course.yml").read_bytes())
    (root / "course.key").write_text(f"{KEY}\n")
    (root / "course.key").chmod(0o600)
