"""Feedback for the student: words and pictures about one Grade."""

from __future__ import annotations

from autograder.feedback.answers import Answer, render_answers, render_answers_text
from autograder.feedback.card import render_card, render_text, words_for_student
from autograder.feedback.entries import Quoted
from autograder.feedback.evidence import loss_curve
from autograder.feedback.late_work import late_arithmetic, late_sentences
from autograder.feedback.markup import split_code
from autograder.feedback.page import render_report
from autograder.feedback.printed import as_printed
from autograder.feedback.repeats import told_once
from autograder.feedback.templating import template
from autograder.feedback.titles import title_of

__all__ = [
    "Answer",
    "Quoted",
    "as_printed",
    "late_arithmetic",
    "late_sentences",
    "loss_curve",
    "render_answers",
    "render_answers_text",
    "render_card",
    "render_report",
    "render_text",
    "split_code",
    "template",
    "title_of",
    "told_once",
    "words_for_student",
]
