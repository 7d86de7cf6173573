"""What the class report needs of one student's work for one assignment."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from autograder.course import Comments, fitting_comments
from autograder.feedback import loss_curve, title_of
from autograder.lateness import LatePenalty
from autograder.outputs.marks import Mark, MarkStatus
from autograder.results import Grade, Outcome, Verdict, clean, clean_line

_NOT_REACHED = "Not reached: "
_MOST_POINTS = 41
_MAX_MESSAGE = 600
_MAX_FLAGS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one submission.

    Attributes:
        name: The check's name in `course.yml`.
        title: What people call it.
        outcome: How it came out.
        lost: Points that it did not earn.
        function: The function to fix, as far as it is known; else "".
        follows: Whether it failed only because of `function`, which it is not about.
        message: What was measured; "" if it passed.
        hint: One thing to do next; "" if it passed.
        comments: Keys of the reusable comments that fit.
    """

    name: str
    title: str
    outcome: Outcome
    lost: float = 0
    function: str = ""
    follows: bool = False
    message: str = ""
    hint: str = ""
    comments: tuple[str, ...] = ()

    @property
    def is_own_mistake(self) -> bool:
        """Whether the student's code failed it, by no other check's mistake."""
        return not self.follows and self.outcome in _MISTAKES


_MISTAKES = (Outcome.FAILED, Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT)


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """The training loss, recomputed by the grader.

    Attributes:
        epochs: Ascending; first 0, before training. Whole, except in the middle of a class.
        losses: One for each epoch.
    """

    epochs: tuple[float, ...]
    losses: tuple[float, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One student's work for one assignment, or that there is none.

    Attributes:
        student: The student's id, as it is.
        mark: The mark, with manual marks and lateness, or why there is none.
        outcome: What all checks have in common; None without a Grade.
        checks: One per check, in the order of the course; empty without a Grade.
        flags: Why a person should look at it, as sentences.
        endings: How runs ended before they replied, as sentences.
        late: What lateness cost; None if it is on time.
        is_due: Whether its due date, with the student's extension, has passed.
        curve: The loss of the training; None if none was measured.
        reference: The loss of the course's own solution from the same start; None if unknown.
    """

    student: str
    mark: Mark
    outcome: Outcome | None = None
    checks: tuple[CheckResult, ...] = ()
    flags: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    late: LatePenalty | None = None
    is_due: bool = True
    curve: Curve | None = None
    reference: Curve | None = None

    @property
    def is_graded(self) -> bool:
        """Whether there is a mark."""
        return self.mark.status is MarkStatus.GRADED

    @property
    def passed_everything(self) -> bool:
        """Whether all checks passed."""
        return self.outcome is Outcome.PASSED

    @property
    def checks_passed(self) -> int:
        """How many checks passed."""
        return sum(check.outcome is Outcome.PASSED for check in self.checks)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was handed in although it is due, or only stubs were."""
        is_missing = self.mark.status is MarkStatus.MISSING and self.is_due
        return is_missing or self.outcome is Outcome.NOT_ATTEMPTED


class EntryMaker:
    """Makes entries of Grades; equal texts and results are kept once.

    Args:
        comments: The course's reusable comments.
    """

    def __init__(self, comments: Comments | None = None) -> None:
        self._comments = comments or {}
        self._texts: dict[str, str] = {}
        self._passed: dict[tuple[str, str], CheckResult] = {}

    def entry(self, grade: Grade, mark: Mark, late: LatePenalty | None) -> Entry:
        """What the class report needs of a Grade.

        Args:
            grade: The Grade.
            mark: Its mark, with what people added.
            late: What lateness cost; None if it is on time.
        """
        about = _first_about(grade.checks)
        return Entry(
            student=grade.student,
            mark=mark,
            outcome=grade.outcome,
            checks=tuple(self._check(verdict, about, grade.assignment) for verdict in grade.checks),
            flags=tuple(clean(flag, _MAX_MESSAGE) for flag in grade.flags[:_MAX_FLAGS]),
            endings=tuple(clean(ending, _MAX_MESSAGE) for ending in grade.endings[:_MAX_FLAGS]),
            late=late,
            curve=_curve(grade),
            reference=_reference(grade),
        )

    def _check(self, verdict: Verdict, about: Mapping[str, str], assignment: str) -> CheckResult:
        if verdict.outcome is Outcome.PASSED:
            key = (verdict.name, verdict.title)
            if key not in self._passed:
                name, title = clean_line(verdict.name, 80), title_of(verdict)
                self._passed[key] = CheckResult(name, title, Outcome.PASSED)
            return self._passed[key]
        first = about.get(verdict.message.removeprefix(_NOT_REACHED), "")
        is_folded = verdict.message.startswith(_NOT_REACHED) and bool(first)
        return CheckResult(
            name=self._once(clean_line(verdict.name, 80)),
            title=self._once(title_of(verdict)),
            outcome=verdict.outcome,
            lost=max(0.0, verdict.max_points - verdict.points),
            function=self._once(clean_line(verdict.cause or first or verdict.about, 80)),
            follows=verdict.follows or is_folded,
            message=self._once(clean(verdict.message, _MAX_MESSAGE)),
            hint=self._once(clean(verdict.hint, _MAX_MESSAGE)),
            comments=tuple(fitting_comments(self._comments, assignment, verdict)),
        )

    def _once(self, text: str) -> str:
        return self._texts.setdefault(text, text)


def _first_about(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """The function of the first check that says something itself, by what it says."""
    about: dict[str, str] = {}
    for verdict in verdicts:
        if verdict.message and not verdict.message.startswith(_NOT_REACHED):
            about.setdefault(verdict.message, verdict.cause or verdict.about)
    return about


def _curve(grade: Grade) -> Curve | None:
    """The training loss: of the training's summary, or of the first check that has it."""
    summary = grade.training
    if summary is not None and (curve := _thinned(summary.epochs, summary.loss)):
        return curve
    for verdict in grade.checks:
        if "loss_curve" in verdict.evidence:
            evidence = loss_curve(verdict)
            if evidence is not None and evidence.data == "training":
                losses = evidence.recomputed
                return _thinned(range(len(losses)), losses)
    return None


def _reference(grade: Grade) -> Curve | None:
    summary = grade.training
    if summary is None:
        return None
    return _thinned(summary.reference_epochs, summary.reference_loss)


def _thinned(epochs: Sequence[int], losses: Sequence[float | None]) -> Curve | None:
    """A curve with a few of its points, among them both ends; None if there are fewer than two."""
    pairs = [(e, loss) for e, loss in zip(epochs, losses, strict=False) if loss is not None]
    if len(pairs) < 2:  # noqa: PLR2004 - one point is no curve
        return None
    step = max(1, -(-(len(pairs) - 1) // (_MOST_POINTS - 1)))
    chosen = [*pairs[:-1][::step], pairs[-1]]
    return Curve(tuple(e for e, _ in chosen), tuple(loss for _, loss in chosen))
