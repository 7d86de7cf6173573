"""The student's report: one page of HTML per Grade, which loads nothing and runs nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from contrast import contrast_ratio
from grades import (
    HOSTILE_TEXT,
    KERNEL,
    LOSS_CURVE,
    make_grade,
    make_hostile_grade,
    make_verdict,
)
from html_page import Page
from pydantic import JsonValue

import autograder.feedback
from autograder.feedback import render_report
from autograder.results import Grade, Outcome, Review, SandboxRecord, Verdict

CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
CONTROL_CHARACTERS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"


def passed(name: str = "loss_goes_down", max_points: float = 3) -> Verdict:
    """A passed check with both pictures."""
    evidence = {"loss_curve": dict(LOSS_CURVE), "kernel": dict(KERNEL)}
    return make_verdict(name, Outcome.PASSED, max_points=max_points, evidence=evidence)


def failed_grade() -> Grade:
    """A failed, a passed and an untouched check, and a notice."""
    stub = make_verdict(outcome=Outcome.NOT_ATTEMPTED)
    return make_grade(make_verdict(), passed(), stub, notices=("The cell “imports” was restored.",))


def ended(outcome: Outcome) -> Grade:
    """Two checks that share one outcome, as when the run brought nothing to check."""
    return make_grade(make_verdict(outcome=outcome), make_verdict("accuracy_passes", outcome))


GRADES: dict[str, Callable[[], Grade]] = {
    "passed": lambda: make_grade(passed()),
    "failed": failed_grade,
    "not_attempted": lambda: ended(Outcome.NOT_ATTEMPTED),
    "timeout": lambda: ended(Outcome.TIMEOUT),
    "resource_limit": lambda: ended(Outcome.RESOURCE_LIMIT),
    "grader_error": lambda: make_grade(make_verdict(outcome=Outcome.GRADER_ERROR), passed()),
    "hostile": make_hostile_grade,
}


def report(name: str) -> str:
    """The report of one of `GRADES`."""
    return render_report(GRADES[name](), title="First training")


@pytest.mark.parametrize("name", GRADES)
def test_any_report_is_well_formed_and_loads_nothing(name: str) -> None:
    """Tags match, headings go down one level at a time, and every source is in the page."""
    html = report(name)
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>\n")
    assert page.attributes("html") == [{"lang": "en"}]
    metas = page.attributes("meta")
    assert {"http-equiv": "Content-Security-Policy", "content": CSP} in metas
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    assert not {"script", "link", "iframe", "object", "form", "use", "image"} & set(page.names)
    targets = [str(link["href"]) for link in page.attributes("a")]
    assert all(target.startswith("#check-") for target in targets)
    assert {target[1:] for target in targets} <= {str(a.get("id")) for _, a in page.tags}
    assert page.images() == []
    assert all(picture["aria-label"] for picture in page.pictures())
    assert "url(" not in html
    assert "@import" not in html
    levels = [int(tag[1]) for tag in page.names if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_hostile_texts_stay_text() -> None:
    """No element, attribute or control character comes from what a student controls."""
    html = render_report(make_hostile_grade(), title=HOSTILE_TEXT)
    page = Page(html)
    assert page.event_handlers() == []
    assert "script" not in page.names
    assert len(page.pictures()) == page.names.count("figure") == 2
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not re.search(CONTROL_CHARACTERS, html)
    html.encode("utf-8")


def test_same_grade_gives_the_same_bytes() -> None:
    """Neither the time of day nor the duration of the run shows in a report."""
    grade = make_grade(passed())
    first = render_report(grade, title="T")
    assert render_report(grade, title="T") == first
    assert render_report(grade.model_copy(update={"seconds": 9.0}), title="T") == first


def test_failed_grade_shows_score_checks_hints_and_figures() -> None:
    """The page has points, titles, outcomes in words, messages, next steps and provenance."""
    failed = make_verdict(evidence={"loss_before": 0.25, "shapes": {"found": [3, 5]}})
    grade = make_grade(
        failed,
        make_verdict("weight_change_is_measured", Outcome.PASSED, max_points=1.5),
        notices=("Cell put back.",),
    )
    words = Page(render_report(grade, title="First training")).words
    for part in (
        "ada · 01-first-training First training 1.5 of 4.5 Not all checks pass yet",
        "1 of 2 checks passed.",
        "Cell put back.",
        "✗Loss goes down failed 0 of 3 Before training 0.693",
        "Next step: Call model.fit(x, y, epochs=epochs)",
        "Loss before 0.25 Shapes, found 3, 5",
        "✓Weight change is measured passed 1.5 of 1.5",
        "Sandbox full Seeds, kind grading Seeds, fingerprint 4f1c09ab77d2 tensorflow 2.21.0",
        "a" * 64,
    ):
        assert part in words
    assert words.index("Loss goes down") < words.index("Weight change is measured")


def test_failed_checks_come_before_passed_ones_in_the_order_of_the_course() -> None:
    """A student finds what to do before what is done."""
    verdicts = [
        make_verdict("one", Outcome.PASSED),
        make_verdict("two"),
        make_verdict("three", Outcome.PASSED),
        make_verdict("four"),
    ]
    page = Page(render_report(make_grade(*verdicts), title="T"))
    order = re.findall("(?:✓|✗)(One|Two|Three|Four)", page.text)
    assert order == ["Two", "Four", "One", "Three"]


def test_grader_error_that_a_person_marked_has_that_mark() -> None:
    """The page has the points that exports have, and no promise of another grading."""
    grade = make_grade(make_verdict("a", Outcome.GRADER_ERROR))
    page = render_report(grade, title="T", review=Review(score=2, max_score=3, marks={"a": (2, 3)}))
    text = Page(page).text
    assert "2 of 3" in text
    assert "No mark yet" not in text
    assert "a person marked it" in text


def test_grader_error_is_not_blamed_on_the_student() -> None:
    """There is no mark, and no number that looks like one."""
    text = Page(report("grader_error")).text
    assert "No mark yet" in text
    assert "The grader failed" in text
    assert "not your fault" in text
    assert "0 of" not in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("not_attempted", "There is nothing to grade yet"),
        ("timeout", "still running when its time was up"),
        ("resource_limit", "more memory, processes or disk"),
    ],
)
def test_run_without_results_gets_a_brief_page(name: str, words: str) -> None:
    """The page has one explanation, each message once, and the checks as a plain table."""
    page = Page(report(name))
    assert words in page.text
    assert page.text.count("Next step:") == 1
    assert page.images() == []
    assert "h3" not in page.names
    assert [a["scope"] for a in page.attributes("th")][:5] == [*["col"] * 3, *["row"] * 2]


def test_run_without_the_sandbox_is_announced() -> None:
    """The unsafe tier is named at the top of the page, not only in the provenance."""
    grade = make_grade(make_verdict(), sandbox=SandboxRecord(tier="unsafe"))
    words = Page(render_report(grade, title="T")).words
    assert "graded without the sandbox" in words
    assert words.index("graded without the sandbox") < words.index("Loss goes down")


def test_long_list_in_the_figures_keeps_both_ends() -> None:
    """The middle is left out, and the page says how many values that is."""
    verdict = make_verdict(evidence={"numbers": list(range(1000))})
    text = Page(render_report(make_grade(verdict), title="T")).text
    assert "0, 1, 2," in text
    assert "… 976 left out …" in text
    assert "998, 999" in text


def test_large_array_in_the_figures_fills_no_page() -> None:
    """Paper shows what is folded on a screen: an array keeps both ends, in a few lines."""
    rows: list[JsonValue] = [[row + column / 64 for column in range(64)] for row in range(64)]
    html = render_report(make_grade(make_verdict(evidence={"kernel": rows})), title="T")
    assert "[0, 0.015625, 0.03125" in html
    assert "characters left out" in html
    assert "63.9844]" in html
    assert len(html) < len(render_report(make_grade(make_verdict()), title="T")) + 2_000


def test_colors_of_the_page_have_enough_contrast() -> None:
    """Text on paper reaches 4.5 to 1 in the light theme and in the dark one."""
    templates = Path(autograder.feedback.__file__).parent / "templates"
    light, dark, page = (
        (templates / name).read_text("utf-8") for name in ("palette.css", "dark.css", "page.css")
    )
    printed = light + page.partition("@media print")[2].replace(": #fff;", ": #ffffff;")
    for block in (light, dark, printed.replace(": #000;", ": #000000;")):
        colors = dict(re.findall(r"--([\w-]+): (#\w+);", block))
        for role in ("ink", "muted", "good", "bad", "blue", "rust", "other"):
            assert contrast_ratio(colors[role], colors["paper"]) >= 4.5, (role, block)
        for role in ("ink", "word", "text", "value", "note"):
            assert contrast_ratio(colors[role], colors["code"]) >= 4.5, (role, block)


def test_dark_page_has_every_color_of_the_light_one() -> None:
    """No color is forgotten in the dark theme."""
    templates = Path(autograder.feedback.__file__).parent / "templates"
    light, dark = (
        re.findall(r"(--[\w-]+):", (templates / name).read_text("utf-8"))
        for name in ("palette.css", "dark.css")
    )
    assert light == dark


def test_marks_and_comments_of_people_are_shown() -> None:
    """Manual marks decide the score, and comments are text, whatever they hold."""
    review = Review(
        score=2.5,
        max_score=3,
        marks={"loss_goes_down": (2, 3)},
        comments={"train_model": "Nearly <b>there</b>.\nSee the lesson."},
        extra_credit=1,
        late_penalty=0.5,
    )
    html = render_report(make_grade(make_verdict()), title="T", review=review)
    page = Page(html)
    assert "<strong>2.5</strong> of 3" in html
    assert "Nearly <b>there</b>.\nSee the lesson." in page.text
    assert "b" not in page.names
    for row in (
        "Loss goes down, marked by hand 2 of 3",
        "Extra credit +1",
        "Handed in late \N{MINUS SIGN}0.5",
    ):
        assert row in page.words


def test_empty_review_changes_no_byte() -> None:
    """A report without anything that people added is the Grade's own."""
    grade = make_grade(make_verdict())
    review = Review(score=0, max_score=3)
    assert render_report(grade, title="T", review=review) == render_report(grade, title="T")
