"""Read `comments.yml`: comments that assistants reuse, and which of them fit a verdict."""

from __future__ import annotations

import dataclasses
import itertools
import shlex
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from autograder.course.document import Document, is_blank, read_document
from autograder.course.explain import explain
from autograder.course.models import AssignmentName, CheckName, Course
from autograder.course.problems import Problem, closest_match, course_error, printable
from autograder.course.values import COMMENT_KEY, Frozen
from autograder.results import Outcome, Verdict, clean

COMMENTS_FILE = "comments.yml"
_TIP = (
    "Write a key and below it text, and what it is for: assignment, check, cause or phrase; "
    "comments.schema.json describes each."
)
_MOST_CHARACTERS = 5_000

CommentKey = Annotated[str, Field(pattern=COMMENT_KEY)]
_Text = Annotated[str, Field(min_length=1, max_length=_MOST_CHARACTERS)]
_Words = Annotated[str, Field(min_length=1, max_length=200)]


class CommentEntry(Frozen):
    """A comment as it stands in `comments.yml`; everything that it is for must hold together."""

    text: _Text = Field(description="What the student reads, in Markdown.")
    assignment: AssignmentName | None = Field(
        None, description="The assignment that it is for; any if it is left out."
    )
    check: CheckName | None = Field(
        None, description="The check that did not pass; any if it is left out."
    )
    cause: _Words | None = Field(
        None,
        description="The student's function that made the check fail, such as compile_model.",
    )
    phrase: _Words | None = Field(
        None,
        description="Words of its message or hint, whatever their capitals, backticks and spaces.",
    )


class ReusableComment(CommentEntry):
    """A comment with its key, such as "never-fits"."""

    key: CommentKey

    @property
    def is_for_anything(self) -> bool:
        """Whether it says what it is for; if not, it is never suggested."""
        return any((self.assignment, self.check, self.cause, self.phrase))

    def fits(self, assignment: str, verdict: Verdict, words: str = "") -> bool:
        """Whether the comment is for a verdict.

        A check that fails only because of another function gets what is said about that function,
        and nothing about itself.

        Args:
            assignment: The assignment's name.
            verdict: A verdict on a submission to it.
            words: What `words_of` gives for the verdict, for who has it already.
        """
        if verdict.outcome in (Outcome.PASSED, Outcome.GRADER_ERROR):
            return False
        if not self.is_for_anything or (verdict.follows and self.cause is None):
            return False
        return (
            self.assignment in (None, assignment)
            and self.check in (None, verdict.name)
            and self.cause in (None, verdict.cause)
            and (self.phrase is None or _plain(self.phrase) in (words or words_of(verdict)))
        )


def words_of(verdict: Verdict) -> str:
    """A verdict's message and hint, as phrases are looked for in them."""
    return _plain(f"{verdict.message} {verdict.hint}")


Comments = Mapping[str, ReusableComment]
"""Comments by key, in the order of the file."""

COMMENT_ENTRIES = TypeAdapter(dict[CommentKey, CommentEntry])


def load_comments(course: Course) -> Comments:
    """Read a course's comments.

    Args:
        course: The course; without the file, it has none.

    Raises:
        CourseError: If the file is invalid. The message lists every problem with its line.
    """
    path = course.root / COMMENTS_FILE
    return _read(path, course) if path.exists() and not is_blank(path) else {}


def fitting_comments(comments: Comments, assignment: str, verdict: Verdict) -> list[str]:
    """Keys of the comments that fit a verdict, in the order of the file.

    Args:
        comments: The course's comments.
        assignment: The assignment's name.
        verdict: A verdict on a submission to it.
    """
    words = words_of(verdict)
    return [key for key, comment in comments.items() if comment.fits(assignment, verdict, words)]


def comment_command(key: str, assignment: str, *students: str) -> str:
    """The command that inserts a comment, to be copied into a shell.

    Args:
        key: The comment's key.
        assignment: The assignment's name.
        students: Whose reports; default: everybody's that it fits.

    Returns:
        One line, safe to paste whatever the students call themselves.
    """
    end = ["--"] if any(student.startswith("-") for student in students) else []
    return shlex.join(["autograder", "comments", "add", key, assignment, *end, *students])


def _read(path: Path, course: Course) -> Comments:
    document = read_document(path)
    problems, comments = list(document.problems), dict[str, ReusableComment]()
    try:
        entries = COMMENT_ENTRIES.validate_python(document.data)
    except ValidationError as error:
        problems += explain(error, document, COMMENT_ENTRIES.json_schema())
    else:
        comments = {k: ReusableComment(key=k, **dict(entry)) for k, entry in entries.items()}
        problems += _contradictions(comments, document, course)
    if problems:
        if not any(problem.tip for problem in problems):
            problems[0] = dataclasses.replace(problems[0], tip=_TIP)
        raise course_error(path, problems)
    return comments


def _contradictions(comments: Comments, document: Document, course: Course) -> Iterator[Problem]:
    """What each entry says that the course, or another entry, does not allow."""
    checks = {name: set(rubric.checks) for name, rubric in course.assignments.items()}
    for key, comment in comments.items():
        if not comment.text.strip():
            yield _problem(document, key, "text", "found blank text; expected words")
        if clean(comment.text, _MOST_CHARACTERS) != comment.text:
            text = "found an invisible character; expected characters that everybody sees"
            yield _problem(document, key, "text", text)
        if comment.assignment is not None and comment.assignment not in checks:
            yield _unknown(document, key, "assignment", comment.assignment, checks)
        elif comment.check is not None:
            own = checks.values() if comment.assignment is None else [checks[comment.assignment]]
            known = set().union(*own)
            if comment.check not in known:
                yield _unknown(document, key, "check", comment.check, known)
    for first, second in itertools.combinations(comments.values(), 2):
        if _is_within(second.text, first.text):
            yield _repeated(document, second.key, first.key)
        elif _is_within(first.text, second.text):
            yield _repeated(document, first.key, second.key)


def _is_within(text: str, other: str) -> bool:
    return f"\n{text.strip()}\n" in f"\n{other.strip()}\n"


def _repeated(document: Document, key: str, other: str) -> Problem:
    # In a report, the copy of the one could not be told from a part of the other.
    text = f'found lines that are all in the text of "{other}"; expected other words'
    return _problem(document, key, "text", text)


def _unknown(
    document: Document, key: str, field: str, value: str, known: Collection[str]
) -> Problem:
    meant = closest_match(value, sorted(known), cutoff=0) or ""
    what = "an assignment of the course" if field == "assignment" else "a check there"
    text = f'found "{printable(value)}", which is not {what}; did you mean "{meant}"?'
    return _problem(document, key, field, text)


def _problem(document: Document, key: str, field: str, text: str) -> Problem:
    return Problem(text, document.line((key, field)), (key, field))


def _plain(text: str) -> str:
    """Words to compare: without capitals and the marks of code, and with single spaces."""
    return " ".join(text.casefold().replace("`", "").split())
