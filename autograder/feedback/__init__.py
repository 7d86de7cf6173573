"""Feedback for the student: words and pictures about one Grade."""

from __future__ import annotations

from autograder.feedback.answers import Answer, render_answers, render_answers_text
from autograder.feedback.card import render_card, render_text
from autograder.feedback.page import render_report

__all__ = [
    "Answer",
    "render_answers",
    "render_answers_text",
    "render_card",
    "render_report",
    "render_text",
]
