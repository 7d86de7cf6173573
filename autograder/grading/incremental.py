"""A grader that skips what is already graded, and stores every Grade."""

from __future__ import annotations

import dataclasses
import traceback
from contextlib import ExitStack
from pathlib import Path

from autograder.course import Assignment, Course, SeedSource, with_titles
from autograder.errors import (
    ClusterError,
    CourseError,
    MachineError,
    SandboxUnavailableError,
    StoppedError,
    SubmissionError,
    UnfitMachineError,
)
from autograder.grading.causes import solution_cells
from autograder.grading.cluster import ClusterGrader, Scheduler
from autograder.grading.delegation import GradingTask
from autograder.grading.grade_store import GradeStore
from autograder.grading.grader import Grader
from autograder.grading.history_writer import HistoryWriter
from autograder.grading.local import LocalGrader, Place
from autograder.grading.provenance import grading_digest, grading_parts
from autograder.grading.reference import fast_if_identical, require_full_marks
from autograder.grading.retries import Tell, with_retries
from autograder.grading.serving import Asked, ServedGrader
from autograder.grading.session import (
    LocalSession,
    course_limits,
    select_seeds,
    start_grader,
)
from autograder.grading.verdicts import grade_without_a_run, no_mark, unreadable
from autograder.outputs import GradedFile, History
from autograder.results import Grade, Verdict
from autograder.sandbox import OWN_MEMORY_MB, require_limits
from autograder.submissions import (
    Notebook,
    Submission,
    SubmittedFile,
    grade_id,
    is_solution,
    points,
    read_notebook,
    read_submission,
)

_NOTHING_CAN_BE_GRADED = (
    ClusterError,
    CourseError,
    SandboxUnavailableError,
    StoppedError,
    UnfitMachineError,
)
MIN_SUBMISSIONS_FOR_PROOF = 4
"""From this number of submissions on, fast training saves more time than its proof takes."""

IN_FLIGHT = 512
"""Submissions at a time on a cluster: each waits in a thread of its own for a worker."""


@dataclasses.dataclass(frozen=True)
class Options:
    """How to grade.

    Attributes:
        submitted: The folder of submissions; default: `submitted/` in the course folder.
        students: Ids to grade; empty grades all.
        workers: Submissions at a time; default: as many as have a core and memory of their own.
        force: Grade again what is already graded.
        unsafe: Run without a sandbox.
        practice_seeds: Train with the seeds that students know; record nothing.
        links: Folders that links among the submissions may lead to, such as the students' homes.
        scheduler: Of the cluster to grade on; default: this machine.
    """

    submitted: Path | None = None
    students: tuple[str, ...] = ()
    workers: int | None = None
    force: bool = False
    unsafe: bool = False
    practice_seeds: bool = False
    links: tuple[Path, ...] = ()
    scheduler: Scheduler | None = None


class IncrementalGrader:
    """Grades a class's files one by one; threads may share it.

    Args:
        course: The course.
        assignment: The assignment.
        options: How to grade.
        stack: Ends what grades, which starts when the first file needs it.
        size: The approximate number of files; fast training is proved only for enough of them.
        on_notice: Called with what the grader waits for, as a sentence.
        program: What grades, for the history.
        session: What it shares with the other assignments of a command; default: nothing.
        served: Whether the course's running watcher may grade, if it does so the same way.

    Attributes:
        course_sha256: Digest of everything that decides a mark besides the submission.
        source: The source version.
        release: The release version.
        store: The Grades on disk.
        history: What the marks were, and by what they changed.

    Raises:
        CourseError: If a notebook is missing, or its checks differ from `course.yml`.
    """

    def __init__(  # noqa: PLR0913 - of its options, each has a default
        self,
        course: Course,
        assignment: Assignment,
        options: Options,
        stack: ExitStack,
        *,
        size: int,
        on_notice: Tell = lambda _: None,
        program: str = "autograder grade",
        session: LocalSession | None = None,
        served: bool = False,
    ) -> None:
        self._on_notice = on_notice
        self._course = course
        self._assignment = assignment
        self._options = options
        self._stack = stack
        self._session = session
        self._size = size
        self.source = read_notebook(course.source_notebook(assignment.name))
        self.release = read_notebook(course.release_notebook(assignment.name))
        _require_same_checks(self.source, assignment)
        self.store = GradeStore(course.root / "grades" / assignment.name)
        self.history = History(course.root, assignment.name)
        seeds = select_seeds(course, assignment, practice_seeds=options.practice_seeds)
        self.course_sha256 = grading_digest(course, assignment, seeds)
        parts = {self.course_sha256: grading_parts(course, assignment, seeds)}
        self._writer = HistoryWriter(self.store, self.history, program, parts)
        self._place: Place
        if options.scheduler:
            self._place = self._on_cluster(seeds)
        elif served and not options.unsafe:
            self._place = self._on_watcher(seeds)
        else:
            self._place = self.here()

    def grade(self, file: SubmittedFile) -> GradedFile:
        """Grade one file, unless it is already graded.

        Whatever one file does to the grader stays its own: nothing is raised for it.

        Returns:
            The graded file. Its Grade is on disk, but for one that ended early: `store` it once it
            is known that the machine is fit.

        Raises:
            AutograderError: If nothing can be graded here: no sandbox, a course that is wrong, or
                a machine on which the course's own solution fails.
        """
        try:
            graded = self._grade(file)
        except _NOTHING_CAN_BE_GRADED:
            raise
        except SubmissionError as error:
            graded = self._without_a_run(file, unreadable(self._assignment, error))
        except MachineError as error:
            graded = self._without_a_run(file, no_mark(self._assignment, error))
        except Exception as error:  # noqa: BLE001 - one file must not stop the others
            self.store.write_log(file.student, "".join(traceback.format_exception(error)))
            graded = self._without_a_run(file, no_mark(self._assignment, _defect(error)))
        if graded.graded:
            if not self._options.practice_seeds:
                graded = dataclasses.replace(graded, previous=self.store.read(file.student))
            if not graded.ended_early:
                self.keep(graded)
        return graded

    def keep(self, file: GradedFile) -> None:
        """Write a Grade to disk, and into its history."""
        if not self._options.practice_seeds:
            with_retries(lambda: self._writer.write(file.grade), self._on_notice)

    def find_finished(self, submission: Submission) -> Grade | None:
        """The Grade of exactly this submission by exactly this course, if there is one."""
        finished = self.store.finished(submission.student, submission.sha256, self.course_sha256)
        if finished is not None:
            with_retries(lambda: self._writer.confirm(finished), self._on_notice)
        return finished

    def require_limits(self) -> None:
        """Refuse limits of this user or shell that are below the course's.

        Call it before threads start: where the limit of processes is too low, they cannot.

        Raises:
            SandboxUnavailableError: Says which limit is too low, and how to raise it.
        """
        if self._options.scheduler is None:
            require_limits(course_limits(self._course))

    def require_fit_machine(self) -> None:
        """Grade the course's own solution, which must get full marks.

        Raises:
            UnfitMachineError: If it does not.
        """
        self._place.require_fit_machine()

    def _grade(self, file: SubmittedFile) -> GradedFile:
        folder = file.path.parent
        submission = read_submission(file, self.source, self.release)
        if not (self._options.force or self._options.practice_seeds):
            finished = self.find_finished(submission)
            if finished is not None:
                return GradedFile(finished, submission, graded=False, folder=folder)
        if not self._options.practice_seeds and self.store.is_damaged(file.student):
            path = self.store.path(file.student)
            self._on_notice(
                f"{path} is not the Grade of that student; the submission is graded again."
            )
        grade = self._place.grade(submission)
        return GradedFile(grade, submission, graded=True, folder=folder)

    def _without_a_run(self, file: SubmittedFile, verdicts: tuple[Verdict, ...]) -> GradedFile:
        verdicts = with_titles(verdicts, self._course.folder(self._assignment.name))
        grade = grade_without_a_run(self._assignment, file.student, verdicts, self.course_sha256)
        return GradedFile(grade, None, graded=True, folder=file.path.parent)

    def here(self) -> LocalGrader:
        """What grades on this machine, in this process's own fork server."""
        return LocalGrader(
            lambda: self._proved(self._start()), self._solution, solution_cells(self.source)
        )

    def _on_watcher(self, seeds: SeedSource) -> Place:
        asked = Asked(
            self._course,
            self._assignment,
            seeds,
            self.course_sha256,
            reference=self._size >= MIN_SUBMISSIONS_FOR_PROOF,
        )
        return ServedGrader(asked, self.here(), self.store.write_log)

    def _on_cluster(self, seeds: SeedSource) -> Place:
        if self._options.unsafe or self._options.scheduler is None:
            raise ClusterError(
                "A cluster grades in the sandbox only.", "Leave out --unsafe or --scheduler."
            )
        return self._stack.enter_context(
            ClusterGrader(
                GradingTask(self._course, self._assignment, seeds, self.course_sha256),
                self._solution(),
                self._options.scheduler,
                self._on_notice,
                self.store.write_log,
            )
        )

    def _start(self, own_memory_mb: int = OWN_MEMORY_MB) -> Grader:
        """Start a grader; `own_memory_mb` is as in `require_limits`."""
        grader = start_grader(
            self._course,
            self._assignment,
            self._stack,
            unsafe=self._options.unsafe,
            practice_seeds=self._options.practice_seeds,
            own_memory_mb=own_memory_mb,
            session=self._session,
        )
        return dataclasses.replace(grader, on_broken=self.store.write_log)

    def _proved(self, grader: Grader) -> Grader:
        """A grader for whom the course's own solution gets full marks."""
        if self._size >= MIN_SUBMISSIONS_FOR_PROOF:
            return fast_if_identical(grader, self._solution())
        require_full_marks(grader, self._solution())
        return grader

    def _solution(self) -> Submission:
        """The course's own solution, as a submission."""
        file = SubmittedFile("solution", self._course.source_notebook(self._assignment.name))
        return read_submission(file, self.source, self.release)


def _defect(error: Exception) -> MachineError:
    return MachineError(
        f"The grader itself failed on this submission ({type(error).__name__}); the log beside its "
        "Grade has the traceback.",
        "Please report it.",
    )


def _require_same_checks(source: Notebook, assignment: Assignment) -> None:
    """Raise unless the source version's graded cells and points are the rubric's.

    Answers that a person grades are graded cells too; they are left to nbgrader.
    """
    cells = {
        grade_id(cell): points(cell)
        for cell in source["cells"]
        if points(cell) is not None and not is_solution(cell)
    }
    if cells != dict(assignment.checks):
        different = sorted(
            name
            for name in cells.keys() | assignment.checks.keys()
            if cells.get(name) != assignment.checks.get(name)
        )
        raise CourseError(
            f"The graded cells of {assignment.name}'s source version and course.yml differ in: "
            f"{', '.join(different)}.",
            "Give each check one graded cell with its name as the nbgrader id, and its points.",
        )
