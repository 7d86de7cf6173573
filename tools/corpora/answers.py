"""Grade answers that people wrote from the assignments' texts alone, and list what surprises.

python -m tools.corpora.answers FOLDER [ASSIGNMENT...]

FOLDER has right answers in ASSIGNMENT/right/ and wrong ones in ASSIGNMENT/wrong/, as Python files
or notebooks. A wrong one names the checks that must fail after `# fails:`, and those that may after
`# may:`. A right answer surprises if it loses points or gets a flag; a wrong one if it passes a
check that must fail, or fails another one. Prints a row for docs/figures/rounds.json.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from autograder.authoring.corpus import Corpus, Entry
from autograder.course import Course, load_course
from autograder.grading import fast_if_identical, start_grader
from autograder.results import Grade, Outcome
from tools import ROOT, argument_parser

_WORKERS = 2


@dataclasses.dataclass(frozen=True)
class Graded:
    """An answer and its Grade.

    Attributes:
        path: The answer.
        grade: Its Grade.
    """

    path: Path
    grade: Grade

    @property
    def is_right(self) -> bool:
        """Whether its author says that it is right."""
        return self.path.parent.name == "right"

    @property
    def failed(self) -> set[str]:
        """The checks that it does not pass."""
        return {v.name for v in self.grade.checks if v.outcome is not Outcome.PASSED}

    @property
    def wrongly_passed(self) -> set[str]:
        """The checks that it must fail, and passes."""
        return named_checks(self._text, "fails") - self.failed

    @property
    def wrongly_failed(self) -> set[str]:
        """The checks that it should pass, and fails."""
        return self.failed - named_checks(self._text, "fails") - named_checks(self._text, "may")

    @property
    def _text(self) -> str:
        return self.path.read_text("utf-8")

    def surprises(self) -> Iterator[str]:
        """What is other than its author says, a line each."""
        for name in sorted(self.wrongly_passed):
            yield f"    passes {name}"
        for verdict in self.grade.checks:
            if verdict.name in self.wrongly_failed:
                yield f"    fails {verdict.name}: {verdict.message} TIP {verdict.hint}"
        if self.is_right:
            yield from (f"    flagged: {flag}" for flag in self.grade.flags)


def named_checks(text: str, field: str) -> set[str]:
    """The checks that an answer's file names after `# field:`."""
    match = re.search(rf"^# {field}:(.*)$", text, re.MULTILINE)
    return set(re.findall(r"\w+", match[1])) if match else set()


def graded(course: Course, folder: Path, assignment: str) -> Iterator[Graded]:
    """Grade an assignment's answers, as `autograder grade` does.

    Args:
        course: The course.
        folder: The answers.
        assignment: The assignment's name.
    """
    paths = sorted(
        path
        for side in ("right", "wrong")
        for path in (folder / assignment / side).glob("*")
        if path.suffix in {".py", ".ipynb"}
    )
    rubric = course.assignment(assignment)
    corpus = Corpus(course, rubric)
    with ExitStack() as stack:
        grader = start_grader(course, rubric, stack)
        grader = fast_if_identical(grader, corpus.read(corpus.right[0]))

        def grade(path: Path) -> Graded:
            return Graded(path, grader.grade(corpus.read(Entry(name=path.stem, path=path))))

        pool = stack.enter_context(ThreadPoolExecutor(_WORKERS))
        yield from pool.map(grade, paths)


def summary(every: Sequence[Graded]) -> str:
    """The counts of a round, as docs/figures/rounds.json has them."""
    right = [each for each in every if each.is_right]
    wrong = [each for each in every if not each.is_right]
    return json.dumps(
        {
            "right": len(right),
            "lost_points": sum(bool(each.failed) for each in right),
            "wrong": len(wrong),
            "wrongly_passed": sum(bool(each.wrongly_passed) for each in wrong),
            "wrongly_failed": sum(bool(each.wrongly_failed) for each in wrong),
        }
    )


def main() -> None:
    """Do what the command line says."""
    course = load_course(ROOT)
    parser = argument_parser("tools.corpora.answers", __doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    given = parser.parse_args()
    every: list[Graded] = []
    for assignment in given.assignments or course.assignments:
        for each in graded(course, given.folder, assignment):
            every.append(each)
            if lines := list(each.surprises()):
                print(each.path.relative_to(given.folder), *lines, sep="\n", flush=True)
    print(summary(every))


if __name__ == "__main__":
    main()
