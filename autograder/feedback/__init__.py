"""Feedback for the student: words and pictures about one Grade."""

from autograder.feedback.card import render_card, render_text
from autograder.feedback.page import render_report

__all__ = ["render_card", "render_report", "render_text"]
