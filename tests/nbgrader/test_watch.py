"""A student hands in by nbgrader, and fetches the answer of `autograder watch`."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import NAME
from nbgrader_course import Exchange, fill_in, notebook_of, run


@pytest.mark.slow
@pytest.mark.sandbox
def test_student_fetches_practice_feedback_after_submitting(tmp_path: Path) -> None:
    """The notebook is really trained; no mark is made, and the gradebook has no submission."""
    exchange = Exchange(tmp_path)
    course, home = exchange.course, exchange.student("bob")
    run(course, "nbgrader", "generate_assignment", NAME)
    run(course, "nbgrader", "release_assignment", NAME)
    run(home, "nbgrader", "fetch_assignment", NAME)
    fill_in(notebook_of(home), "wrong/change-with-sign")
    run(home, "nbgrader", "submit", NAME, "--student", "bob")
    assert f"bob {NAME}: 16/18 (practice)" in run(course, "autograder", "watch", NAME, "--once")
    run(home, "nbgrader", "fetch_feedback", NAME)
    (report,) = (home / NAME / "feedback").rglob("*.html")
    text = report.read_text()
    assert "This is practice feedback" in text
    assert "absolute value" in text  # the hint of the one check that fails
    assert not (course / "grades").exists()
    assert "0 submissions answered" in run(course, "autograder", "watch", NAME, "--once")
