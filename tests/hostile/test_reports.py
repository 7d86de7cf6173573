"""What a student learns from a report is of no use for another submission."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from courses import NAME
from hostile_class import hostile_file, messages, told
from notebooks import GradeFile, MakeNotebook

from autograder.course import Course, FixedSeeds, KeyedSeeds, Seeds
from autograder.exercises import GradingData, load_exercise
from autograder.grading import Grader
from autograder.results import Grade, Outcome
from autograder.submissions import Submission

KEYED = KeyedSeeds(bytes(32), NAME)
SUBMISSION = "ab" * 32


def test_seed_has_128_bits() -> None:
    """No search over all seeds finds one by its data."""
    seeds = [seed for n in range(20) for seed in KEYED.seeds(str(n)).model_dump().values()]
    assert len(set(seeds)) == len(seeds)
    assert max(seeds) > 2**120
    assert max(seeds) < 2**128
    assert sum(seed > 2**96 for seed in seeds) > len(seeds) - 2


def test_fingerprint_needs_the_key() -> None:
    """A fingerprint says which seeds they were to whoever has the key, and to nobody else."""
    known = FixedSeeds(KEYED.seeds(SUBMISSION))
    assert KEYED.fingerprint(SUBMISSION) != known.fingerprint(SUBMISSION)
    assert KEYED.fingerprint(SUBMISSION) == KeyedSeeds(bytes(32), NAME).fingerprint(SUBMISSION)
    other = KeyedSeeds(bytes([1] * 32), NAME)
    assert KEYED.fingerprint(SUBMISSION) != other.fingerprint(SUBMISSION)


def test_each_submission_has_seeds_of_its_own() -> None:
    """The same file gets the same seeds each time, another one gets others."""
    one, other = KEYED.seeds("one"), KEYED.seeds("other")
    assert KEYED.seeds("one") == one
    assert not set(one.model_dump().values()) & set(other.model_dump().values())


def learn(path: Path, grade: Callable[[Path], Grade]) -> str:
    """Numbers that a report shows; the answer that returns them."""
    numbers = re.search(r"the numbers are (\[.*?\])", messages(grade(path).model_dump()))
    assert numbers is not None
    return f"def weight_change(before, after):\n    return {numbers[1]}"


@pytest.mark.sandbox
def test_numbers_of_a_report_handed_in_again_fail(
    course: Course, grade_file: GradeFile, notebook: MakeNotebook, tmp_path: Path
) -> None:
    """The second file has other seeds, so the first one's answers are wrong."""
    first = hostile_file("50-asks-for-the-numbers", tmp_path / "first", told(course.root))
    grade = grade_file(notebook(weight_change=learn(first, grade_file)))
    failed = [verdict.name for verdict in grade.checks if verdict.outcome is not Outcome.PASSED]
    assert failed == ["weight_change_is_measured"]


@pytest.mark.sandbox
def test_numbers_of_a_report_with_seeds_that_all_share_earn_full_marks(
    course: Course,
    grader: Grader,
    read: Callable[[Path], Submission],
    notebook: MakeNotebook,
    tmp_path: Path,
) -> None:
    """The control: where all submissions have the same seeds, the numbers of one are right."""
    shared = dataclasses.replace(grader, seeds=FixedSeeds(KEYED.seeds(SUBMISSION), "grading"))

    def grade(path: Path) -> Grade:
        return shared.grade(read(path))

    first = hostile_file("50-asks-for-the-numbers", tmp_path / "first", told(course.root))
    assert grade(notebook(weight_change=learn(first, grade))).outcome is Outcome.PASSED


@pytest.mark.sandbox
def test_seed_that_the_sandbox_has_draws_other_data(
    course: Course, grader: Grader, read: Callable[[Path], Submission], tmp_path: Path
) -> None:
    """The 32 bits that Keras gets in the sandbox are no seed of the data."""
    submission = read(hostile_file("51-seeds-in-a-message", tmp_path, told(course.root)))
    told_seeds = re.search(r"the seeds are (\d+)", messages(grader.grade(submission).model_dump()))
    assert told_seeds is not None
    seeds, number = grader.seeds.seeds(submission.sha256), int(told_seeds[1])
    assert number == seeds.shuffling % 2**32
    folder = course.folder(NAME)
    exercise, grading = load_exercise(folder), GradingData(course.practice_seeds, folder)
    guessed = Seeds(**dict.fromkeys(Seeds.model_fields, number))
    given, held_out = exercise.prepare(seeds, grading)
    guessed_given, guessed_held_out = exercise.prepare(guessed, grading)
    assert not np.array_equal(given.x, guessed_given.x)
    assert not np.array_equal(held_out.x, guessed_held_out.x)
    assert not np.array_equal(given.probe.outputs, guessed_given.probe.outputs)
