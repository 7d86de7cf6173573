"""Read the answers to compare: those of a class, and those of people who cannot know each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.course import Assignment, Course
from autograder.errors import CourseError, MachineError, SubmissionError
from autograder.grading import Options, class_files
from autograder.similarity.fingerprints import all_runs, fingerprints
from autograder.similarity.tokens import Tokens, tokenize
from autograder.submissions import (
    Cell,
    Notebook,
    Submission,
    SubmittedFile,
    decode_text,
    grade_id,
    normalized,
    normalized_text,
    read_notebook,
    read_regular_file,
    read_submission,
    solution_functions,
    solution_names,
    source_of,
    split_script,
)

UNRELATED = "unrelated.json"
"""In an assignment's corpus: the code of answers that were written independently, by name."""

Refuse = Callable[[SubmissionError], None]
Tell = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer to compare.

    Attributes:
        students: Who handed it in, sorted by id: more than one if the file is the same. Or the
            name of an answer of the course's corpus.
        cells: The cells that count, in order.
        tokens: What they are made of.
        prints: Its fingerprints, without those that everybody has.
        words: Rare words would be found among these.
        sha256: The digest of what was handed in, as in a Grade; "" for the corpus.
        author: Whoever wrote several answers of the corpus; "" if nobody else's is by the same.
    """

    students: tuple[str, ...]
    cells: tuple[Cell, ...]
    tokens: Tokens
    prints: frozenset[int]
    words: frozenset[str]
    sha256: str = ""
    author: str = ""


class AnswerReader:
    """Reads answers of one assignment.

    What everybody has is subtracted: the release version's text, locked cells, and what the
    course's own solution has too, which is what most would write.

    Args:
        course: The course.
        assignment: The assignment.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course = course
        self._assignment = assignment
        self.source = read_notebook(course.source_notebook(assignment.name))
        self.release = read_notebook(course.release_notebook(assignment.name))
        self._solutions = solution_names(self.source)
        self._given = solution_functions(self.release)
        self._texts = {normalized_text(cell) for cell in self.release["cells"]}
        self._locked = {grade_id(cell) for cell in self.source["cells"]} - self._solutions - {""}
        known = [self._tokens(_code(notebook)) for notebook in (self.release, self.source)]
        self.common = frozenset[int]().union(*map(all_runs, known))
        self._common_words = frozenset[str]().union(*(tokens.words for tokens in known))

    def class_answers(self, options: Options, on_refused: Refuse, tell: Tell) -> list[Answer]:
        """The answers of a class; the same file counts once.

        Args:
            options: Whose, and where they are.
            on_refused: Called for everything in the folder of submissions that is not compared.
            tell: Called with what was left out, as sentences.
        """
        files = class_files(self._course, self._assignment, options, on_refused)
        owners: dict[str, list[str]] = {}
        answers: dict[str, Answer] = {}
        for file in files:
            try:
                submission = read_submission(file, self.source, self.release)
                if submission.sha256 not in answers:
                    answer = self._answer((file.student,), submission, submission.sha256)
                    answers[submission.sha256] = answer
            except (SubmissionError, MachineError) as error:
                on_refused(
                    SubmissionError(f"{file.student} was not compared: {error.message}", error.tip)
                )
                continue
            owners.setdefault(submission.sha256, []).append(file.student)
        for answer in answers.values():
            if answer.tokens.cut:
                tell(f"Of {answer.students[0]}'s code only the beginning is compared: it is long.")
        return [
            dataclasses.replace(answer, students=tuple(sorted(owners[digest])))
            for digest, answer in answers.items()
        ]

    def unrelated_answers(self, folders: Sequence[Path] = ()) -> list[Answer]:
        """Right answers that people wrote independently: of the course's corpus, and of folders.

        Those in `right/` are the course's own, and often have whole functions in common.

        Args:
            folders: Further notebooks and Python files.

        Raises:
            CourseError: If one cannot be read.
        """
        corpus = self._course.folder(self._assignment.name).corpus
        answers = [
            dataclasses.replace(self._unrelated(path), author="the course")
            for path in _files([corpus / "right"])
        ]
        answers += map(self._unrelated, _files(folders))
        answers += (self.from_script(*item) for item in _texts(corpus / UNRELATED).items())
        return answers

    def from_script(self, name: str, code: str) -> Answer:
        """An answer that is one Python file.

        Args:
            name: What it is called.
            code: Its text.
        """
        return self._from_cells((name,), self._own(split_script(code)), "")

    def _unrelated(self, path: Path) -> Answer:
        try:
            if path.suffix == ".py":
                return self.from_script(path.stem, decode_text(read_regular_file(path)))
            file = SubmittedFile(path.stem, path)
            return self._answer((path.stem,), read_submission(file, self.source, self.release), "")
        except (SubmissionError, MachineError) as error:
            raise CourseError(f"{path}: {error.message}", error.tip) from error

    def _answer(self, students: tuple[str, ...], submission: Submission, digest: str) -> Answer:
        modules = (
            Cell(name=name, source=decode_text(data)) for name, data in submission.modules.items()
        )
        return self._from_cells(students, self._own([*submission.cells, *modules]), digest)

    def _own(self, cells: Iterable[Cell]) -> tuple[Cell, ...]:
        """The cells with code of the student's own."""
        return tuple(
            cell
            for cell in cells
            if cell.name not in self._locked
            and cell.source.strip()
            and normalized(cell.source) not in self._texts
        )

    def _from_cells(
        self, students: tuple[str, ...], cells: tuple[Cell, ...], digest: str
    ) -> Answer:
        tokens = self._tokens([cell.source for cell in cells])
        return Answer(
            students=students,
            cells=cells,
            tokens=tokens,
            prints=fingerprints(tokens) - self.common,
            words=tokens.words - self._common_words,
            sha256=digest,
        )

    def _tokens(self, sources: Sequence[str]) -> Tokens:
        return tokenize(sources, self._given)


def _code(notebook: Notebook) -> list[str]:
    return [source_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(p for p in folder.iterdir() if p.suffix in (".ipynb", ".py"))


def _texts(path: Path) -> Mapping[str, str]:
    try:
        return TypeAdapter(dict[str, str]).validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise CourseError(
            f"{path} cannot be read: {error}.", "It holds the code of answers by their names."
        ) from error
