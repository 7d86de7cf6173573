"""The checks that a student asks for by name."""

from __future__ import annotations

import pytest
from courses import NAME

from autograder.course import Course
from autograder.errors import CourseError


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("loss_goes_dwon", "loss_goes_down"),
        ("Loss_Goes_Down", "loss_goes_down"),
        ("loss-goes-down", "loss_goes_down"),
        ("test_accuracy_pass", "accuracy_passes"),
    ],
)
def test_misspelled_check_is_suggested(course: Course, name: str, meant: str) -> None:
    """The message asks whether the most similar check was meant; the tip lists all of them."""
    rubric = course.assignment(NAME)
    with pytest.raises(CourseError) as refused:
        rubric.checks_named(name)
    assert refused.value.message == f"{NAME} has no check '{name}'; did you mean '{meant}'?"
    assert refused.value.tip == f"It has: {', '.join(rubric.checks)}."


def test_unknown_check_is_refused_without_a_guess(course: Course) -> None:
    """Where no check is similar, the message suggests none."""
    with pytest.raises(CourseError) as refused:
        course.assignment(NAME).checks_named("xyz")
    assert refused.value.message == f"{NAME} has no check 'xyz'."
