"""Trials survive a stop, are made in turns, and are made again only where something changed."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from courses import CORPUS, NAME, ROOT, copy_course
from grades import make_grade, make_rubric_grade, make_verdict
from pydantic import JsonValue

from autograder.authoring import Corpus
from autograder.authoring.calibration import (
    SHARED_SEEDS,
    KeptTrials,
    Planned,
    collect,
    collect_trials,
    derive_evidence,
    plan_runs,
    take_turns,
)
from autograder.authoring.calibration.digest import cells_digest
from autograder.authoring.trials import numbered_seeds
from autograder.course import Assignment, Course, FixedSeeds, load_course
from autograder.grading import LocalSession, fast_if_identical, solution_cells, start_grader
from autograder.grading.grader import Graded
from autograder.grading.local import LocalGrader
from autograder.results import Outcome, Verdict
from autograder.submissions import Submission

RIGHT, WRONG = ("as-in-the-lesson", "callbacks"), ("never-fits", "returns-nothing")
ROWS = """
never-fits: {hint: "Call model.fit", fails: [loss_goes_down]}
returns-nothing: {hint: "return model.fit", fails: [fit_returns_history]}
"""


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A course with two right and two wrong submissions of one assignment."""
    course = copy_course(tmp_path)
    corpus = course.folder(NAME).corpus
    for kind, names in (("right", RIGHT), ("wrong", WRONG)):
        (corpus / kind).mkdir(parents=True)
        for name in names:
            shutil.copy(CORPUS / kind / f"{name}.ipynb", corpus / kind)
    (corpus / "wrong/expected.yml").write_text(ROWS)
    return course


@dataclasses.dataclass(frozen=True)
class FakeGrader:
    """Grades without training: a submission that fits loses all of its loss, another one none."""

    assignment: Assignment
    graded: list[tuple[str, FixedSeeds]]
    outcome: Outcome = Outcome.PASSED
    seeds: FixedSeeds | None = None

    def grade_and_keep(self, submission: Submission) -> Graded:
        """Grade a submission."""
        source = "".join(cell.source for cell in submission.cells)
        fits = "model.fit(" in source
        assert self.seeds is not None
        self.graded.append((submission.sha256, self.seeds))
        if self.outcome is Outcome.GRADER_ERROR:
            return Graded(
                make_rubric_grade({"loss_goes_down": 3}, {"loss_goes_down": self.outcome})
            )
        figures: JsonValue = {"loss_drop": {"value": float(fits), "at_least": 0.3}}
        learns = Outcome.PASSED if fits else Outcome.FAILED
        history = Outcome.PASSED if "return model.fit" in source else Outcome.FAILED
        verdicts = (
            make_verdict("loss_goes_down", learns, evidence={"measured": figures}),
            make_verdict("fit_returns_history", history),
        )
        return Graded(make_grade(*verdicts), cpu_seconds=1)


class Made:
    """Collects trials of the course with fake graders, and remembers what was graded."""

    def __init__(self, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        self.course = course
        self.graded: list[tuple[str, FixedSeeds]] = []
        self.outcome = Outcome.PASSED
        monkeypatch.setattr(collect, "start_grader", self._start)
        monkeypatch.setattr(collect, "fast_if_identical", lambda grader, _solution: grader)
        monkeypatch.setattr(LocalSession, "workers", lambda *_: 1)

    def _start(self, _course: Course, assignment: Assignment, *_: object, **__: object) -> object:
        return FakeGrader(assignment, self.graded, self.outcome)

    def collect(self, seeds: int, minutes: float = math.inf, stop_after: int = 0) -> KeptTrials:
        """Collect trials; returns those of the assignment that has a corpus."""
        progress = iter(range(1, 10_000))

        def on_progress(_done: int, _total: int) -> None:
            if next(progress) == stop_after:
                raise KeyboardInterrupt

        rubrics = [self.course.assignment(NAME)]
        kept = collect_trials(self.course, rubrics, on_progress, seeds=seeds, minutes=minutes)
        return kept[NAME]

    def numbers(self) -> dict[str, list[int]]:
        """The numbers of the runs that are kept on disk, by submission."""
        kept = KeptTrials(self.course, self.course.assignment(NAME))
        return {each.entry: [run.number for run in each.runs] for each in kept.trials().entries}


@pytest.fixture
def made(own: Course, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A collection that trains nothing."""
    return Made(own, monkeypatch)


def test_stopped_collection_continues_where_it_was(made: Made) -> None:
    """What was done before Ctrl-C is kept, and is not done again."""
    with pytest.raises(KeyboardInterrupt):
        made.collect(seeds=4, stop_after=5)
    assert sum(map(len, made.numbers().values())) == 5
    made.collect(seeds=4)
    assert made.numbers() == {
        "solution": [0, 1, 2, 3],
        "right/as-in-the-lesson": [0, 1, 2, 3],
        "right/callbacks": [0, 1, 2, 3],
        "wrong/never-fits": [0, 1, 2],  # a threshold decides it
        "wrong/returns-nothing": [0],
    }
    # A run that was being made when it was stopped is made again.
    assert len(made.graded) <= 16 + 1
    before = len(made.graded)
    made.collect(seeds=4)
    assert len(made.graded) == before


def test_time_that_is_up_starts_nothing(made: Made) -> None:
    """With no minutes, trials are only read."""
    assert made.collect(seeds=4, minutes=0).out_of_date() == (
        "right/as-in-the-lesson",
        "right/callbacks",
        "solution",
        "wrong/never-fits",
        "wrong/returns-nothing",
    )
    assert made.graded == []


def test_changed_submission_costs_its_own_trials(made: Made) -> None:
    """Those of the others stay; text of a notebook costs nothing, and a deleted one leaves."""
    made.collect(seeds=2)
    made.graded.clear()
    folder = made.course.folder(NAME).corpus
    edit(folder / "right/callbacks.ipynb", "code", lambda source: f"{source}\n")
    edit(folder / "right/as-in-the-lesson.ipynb", "markdown", lambda source: f"{source} Well done!")
    (folder / "wrong/returns-nothing.ipynb").unlink()
    (folder / "wrong/expected.yml").write_text(ROWS.splitlines()[1])
    made.collect(seeds=2)
    assert len(made.graded) == 2
    assert sorted(made.numbers()) == [
        "right/as-in-the-lesson",
        "right/callbacks",
        "solution",
        "wrong/never-fits",
    ]


def edit(path: Path, kind: str, change: Callable[[str], str]) -> None:
    """Change the cells of one kind in a notebook."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == kind:
            cell["source"] = change("".join(cell["source"]))
    path.write_text(json.dumps(notebook))


def test_grader_error_is_tried_again_by_the_next_command(made: Made) -> None:
    """It is no trial of the submission."""
    made.outcome = Outcome.GRADER_ERROR
    assert len(made.collect(seeds=2).out_of_date()) == 5
    made.outcome = Outcome.PASSED
    assert made.collect(seeds=2).out_of_date() == ()


def test_submissions_share_the_first_seeds_only(made: Made) -> None:
    """Those tell which train alike; afterward each submission has seeds of its own, as in class."""
    made.collect(seeds=SHARED_SEEDS + 2)
    seeds: dict[str, list[FixedSeeds]] = {}
    for sha256, each in made.graded:
        seeds.setdefault(sha256, []).append(each)
    right = [row for row in seeds.values() if len(row) == SHARED_SEEDS + 2]
    assert len(right) == 3
    assert right[0][:SHARED_SEEDS] == right[1][:SHARED_SEEDS] == right[2][:SHARED_SEEDS]
    own = [each.all for row in right for each in row[SHARED_SEEDS:]]
    assert len(set(map(str, own))) == 3 * 2


def test_evidence_is_derived_from_what_is_kept(made: Made) -> None:
    """Nothing is run, and the same trials give the same evidence."""
    rubric = made.course.assignment(NAME).model_copy(update={"thresholds": {"loss_drop": 0.3}})
    kept = made.collect(seeds=4)
    evidence = derive_evidence(made.course, rubric, kept)
    assert evidence is not None
    assert (evidence.right_runs, evidence.wrong_runs) == (12, 4)
    assert (evidence.false_fails, evidence.false_passes) == (0, 0)
    again = KeptTrials(made.course, made.course.assignment(NAME))
    assert derive_evidence(made.course, rubric, again) == evidence


def test_assignments_take_turns() -> None:
    """At any time each has about as many right runs, however many styles it has."""
    course = load_course(ROOT)
    names = (NAME, "03-digit-images")
    corpora = {name: Corpus(course, course.assignment(name)) for name in names}
    plans = [plan_runs(name, corpora[name], 30, lambda _: False) for name in names]
    right = dict.fromkeys(names, 0)
    for run in take_turns(plans):
        right[run.assignment] += run.entry.expected is None
        if all(right[name] < 30 * len(corpora[name].right) for name in names):
            assert abs(right[names[0]] - right[names[1]]) <= 1
    assert list(right.values()) == [30 * len(corpora[name].right) for name in names]


def test_wrong_submission_that_a_threshold_decides_gets_a_twentieth() -> None:
    """At least 3; each number once, in order."""
    course = load_course(ROOT)
    corpus = Corpus(course, course.assignment(NAME))
    one = corpus.wrong[0]
    plan = list(plan_runs(NAME, corpus, 100, lambda entry: entry == one))
    assert [run.number for run in plan if run.entry == one] == list(range(5))
    assert {run.number for run in plan if run.entry in corpus.wrong[1:]} == {0}


@pytest.mark.sandbox
@pytest.mark.slow
def test_trial_is_what_grading_finds() -> None:
    """Without reports and experiments, verdicts and values are the same to the last bit."""
    course = load_course(ROOT)
    corpus = Corpus(course, course.assignment(NAME))
    solution = corpus.read(corpus.right[0])
    wrong = next(entry for entry in corpus.wrong if entry.name == "wrong/never-fits")
    with ExitStack() as stack:
        grader = start_grader(course, course.assignment(NAME), stack, practice_seeds=True)
        grader = fast_if_identical(grader, solution)
        functions = solution_cells(corpus.source)
        place = LocalGrader(lambda: grader, lambda: solution, functions)
        for entry in (corpus.right[0], wrong):
            trial = collect.grade_run(grader, corpus, Planned(0, NAME, entry, 5))
            seeds = numbered_seeds(NAME, 5, cells_digest(corpus.read(entry)))
            grade = place.grade(corpus.read(entry), partial(dataclasses.replace, seeds=seeds))
            assert [verdict_of(v) for v in trial.grade.checks] == list(
                map(verdict_of, grade.checks)
            )
            assert grade.training is not None or entry is wrong


def verdict_of(verdict: Verdict) -> Verdict:
    """A verdict without what experiments found."""
    return verdict.model_copy(update={"cause": "", "follows": False})
