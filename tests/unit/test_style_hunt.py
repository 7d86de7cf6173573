"""Answers in every style that the texts leave free."""

from __future__ import annotations

import ast

import keras
import pytest
from courses import ROOT

from autograder.course import load_course
from tools.styles.answers import FREEDOMS
from tools.styles.choices import NO_OPTIMIZERS


@pytest.mark.parametrize("name", FREEDOMS)
def test_every_style_is_a_function_per_cell(name: str) -> None:
    """Whatever is chosen, each answer is Python that defines the function of its cell."""
    styles = [*FREEDOMS[name].alone(), *FREEDOMS[name].mixed(20)]
    assert len({style.name for style in styles}) > 20
    for style in styles:
        for cell, source in style.answers.items():
            (function,) = ast.parse(source).body
            assert isinstance(function, ast.FunctionDef)
            assert function.name == cell


def test_every_assignment_and_every_optimizer_has_a_style() -> None:
    """A new assignment, or an optimizer of a newer Keras, is not left out silently."""
    assert list(FREEDOMS) == list(load_course(ROOT).assignments)
    hunted = " ".join(FREEDOMS["01-first-training"].slots["optimizer"])
    missing = {
        thing
        for thing, value in vars(keras.optimizers).items()
        if isinstance(value, type)
        and issubclass(value, keras.optimizers.Optimizer)
        and f"keras.optimizers.{thing}()" not in hunted
    }
    assert missing == set(NO_OPTIMIZERS)
