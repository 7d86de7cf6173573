"""The function to blame, found by experiment, for wrong submissions with one mistake."""

from __future__ import annotations

import pytest
from courses import ROOT

from autograder.course import load_course
from tools.fairness.causes import trace


@pytest.mark.slow
@pytest.mark.parametrize("name", ["01-first-training", "05-chatbot-intents"])
def test_one_mistake_is_traced_to_its_function(name: str) -> None:
    """Of a sample; `make causes` tries all of them."""
    traced = trace(load_course(ROOT), name, every=15)
    assert traced.submissions
    assert not traced.missed
