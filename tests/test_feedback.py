"""What a student reads: the report, the card and its plain text, and the pictures."""

from __future__ import annotations

import base64
import itertools
import math
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from pydantic import JsonValue

import autograder.feedback
from autograder.feedback import evidence, plots, render_card, render_report, render_text
from autograder.plain_text import clean, clean_line
from autograder.results import Grade, Outcome, Review, SandboxRecord, Verdict

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\" onload='alert(3)' "
    "</style></title><svg/onload=alert(4)> javascript:alert(5) {{ 7 * 7 }} {% raw %} "
    "\x1b[31mred\x1b]8;;http://example.org\x07 \u202eevil\u2066\u200f\ud800\x00"
)
CURVE: dict[str, JsonValue] = {"recomputed": [0.71, 0.31, 0.08], "reported": [0.52, 0.2]}
KERNEL: dict[str, JsonValue] = {
    "layer": "hidden",
    "before": [[0.5, -0.25], [0.125, 1.0]],
    "after": [[0.5, -0.75], [0.25, 1.0]],
}
VOID = {"meta", "img", "br", "hr", "link", "input"}
CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


class Page(HTMLParser):
    """An HTML reader that insists on matching tags, and keeps what it saw."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Insist that the innermost open tag closes."""
        assert self.open.pop() == tag
        if tag in {"th", "td"}:
            self.text += " "

    def handle_data(self, data: str) -> None:
        """Collect what a person reads."""
        if not {"style", "title"} & set(self.open):
            self.text += data

    def images(self) -> list[dict[str, str | None]]:
        """The attributes of every image."""
        return [attributes for tag, attributes in self.tags if tag == "img"]


def verdict(name: str = "loss_goes_down", **changes: Any) -> Verdict:
    """A failed check of 3 points."""
    fields: dict[str, Any] = {
        "name": name,
        "outcome": Outcome.FAILED,
        "points": 0,
        "max_points": 3,
        "message": "Before training 0.693, after 5 epochs 0.693; no weight changed.",
        "hint": "Call model.fit(x, y, epochs=epochs) and return what it returns.",
    }
    return Verdict(**{**fields, **changes})


def passed(name: str, points: float = 3, **evidence: JsonValue) -> Verdict:
    """A passed check."""
    return Verdict(
        name=name,
        outcome=Outcome.PASSED,
        points=points,
        max_points=points,
        message="As it should be.",
        evidence=evidence,
    )


def grade(*checks: Verdict, outcome: Outcome = Outcome.FAILED, **changes: Any) -> Grade:
    """A grade of some checks."""
    fields: dict[str, Any] = {
        "student": "ada",
        "assignment": "01-first-training",
        "outcome": outcome,
        "score": sum(check.points for check in checks),
        "max_score": sum(check.max_points for check in checks),
        "checks": checks,
        "seeds": {"kind": "grading", "fingerprint": "4f1c09ab77d2"},
        "sandbox": SandboxRecord(tier="full"),
        "environment": {"tensorflow": "2.21.0"},
        "submission_sha256": "a" * 64,
        "course_sha256": "b" * 64,
        "seconds": 1.5,
    }
    return Grade(**{**fields, **changes})


def hostile_grade() -> Grade:
    """Every string that a student may reach holds every attack."""
    figures: dict[str, JsonValue] = {
        HOSTILE: HOSTILE,
        "list": [HOSTILE, {HOSTILE: HOSTILE}],
        "nested": {HOSTILE: [[[[[[[[1]]]]]]]]},
        "kernel": {**KERNEL, "layer": HOSTILE},
        "loss_curve": CURVE,
        "int": 10**5000,
    }
    bad = verdict(HOSTILE, message=HOSTILE * 2, hint=HOSTILE, evidence=figures)
    return grade(
        bad,
        student=HOSTILE,
        assignment=HOSTILE,
        notices=(HOSTILE,),
        environment={HOSTILE: HOSTILE},
        seeds={HOSTILE: HOSTILE},
        sandbox=SandboxRecord(tier=HOSTILE),
    )


def svg_of(image: dict[str, str | None]) -> ET.Element:
    """The picture behind an image's data URI."""
    kind, data = str(image["src"]).split(",")
    assert kind == "data:image/svg+xml;base64"
    return ET.fromstring(base64.b64decode(data))  # noqa: S314 - our own picture


def words_in(svg: ET.Element) -> list[str]:
    """Every text of a picture."""
    return [element.text or "" for element in svg.iter("{http://www.w3.org/2000/svg}text")]


def pages() -> dict[str, str]:
    """A report for each outcome, and one that is hostile."""
    stub = verdict(outcome=Outcome.NOT_ATTEMPTED)
    slow = verdict(outcome=Outcome.TIMEOUT, message="Stopped after 60 seconds.")
    big = verdict(outcome=Outcome.RESOURCE_LIMIT)
    broken = verdict(outcome=Outcome.GRADER_ERROR)
    loss = passed("loss_goes_down", loss_curve=CURVE, kernel=KERNEL)
    grades = {
        "passed": grade(loss, outcome=Outcome.PASSED),
        "failed": grade(verdict(), loss, stub, notices=("The cell “imports” was put back.",)),
        "not_attempted": grade(stub, stub, outcome=Outcome.NOT_ATTEMPTED),
        "timeout": grade(slow, slow, outcome=Outcome.TIMEOUT),
        "resource_limit": grade(big, outcome=Outcome.RESOURCE_LIMIT),
        "grader_error": grade(broken, loss, outcome=Outcome.GRADER_ERROR, score=None),
        "hostile": hostile_grade(),
    }
    return {name: render_report(made, title="First training") for name, made in grades.items()}


# --- the report ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(pages()))
def test_any_report_is_well_formed_and_loads_nothing(name: str) -> None:
    """Tags match, headings go down one level at a time, and every source is inside the page."""
    html = pages()[name]
    page = Page(html)
    tags = [tag for tag, _ in page.tags]
    assert html.startswith("<!DOCTYPE html>\n")
    assert ("html", {"lang": "en"}) in page.tags
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": CSP}) in page.tags
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in [
        attributes for _, attributes in page.tags
    ]
    assert not {"script", "link", "iframe", "object", "form", "a"} & set(tags)
    assert all(str(image["src"]).startswith("data:image/svg+xml") for image in page.images())
    assert all(image["alt"] for image in page.images())
    assert "url(" not in html
    assert "@import" not in html
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_hostile_strings_in_a_report_stay_text() -> None:
    """No element, attribute or raw control character survives from what a student controls."""
    html = render_report(hostile_grade(), title=HOSTILE)
    page = Page(html)
    attributes = {name for _, found in page.tags for name in found}
    assert not [name for name in attributes if name.startswith("on")]
    assert not {"script", "svg"} & {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", html
    )
    html.encode("utf-8")


def test_hostile_strings_in_a_card_stay_text() -> None:
    """The card is as deaf to markup as the report."""
    card = render_card(hostile_grade().checks[0])
    page = Page(card)
    tags = {tag for tag, _ in page.tags}
    assert tags == {"section", "div", "span", "strong", "img"}
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert "\x1b" not in card
    card.encode("utf-8")


def test_same_grade_gives_the_same_bytes() -> None:
    """Neither time, nor caches, nor the duration of the run shows in a report."""
    made = grade(passed("a", loss_curve=CURVE, kernel=KERNEL))
    first = render_report(made, title="T")
    plots.loss_picture.cache_clear()
    plots.kernel_picture.cache_clear()
    assert render_report(made, title="T") == first
    assert render_report(made.model_copy(update={"seconds": 9.0}), title="T") == first


def test_report_shows_score_checks_hints_and_figures() -> None:
    """Points, human titles, words beside marks, messages, next steps, evidence, provenance."""
    check = verdict(evidence={"loss_before": 0.25, "shapes": {"found": [3, 5]}})
    made = grade(
        check, passed("weight_change_is_measured", points=1.5), notices=("Cell put back.",)
    )
    text = " ".join(Page(render_report(made, title="First training")).text.split())
    for words in (
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
        assert words in text
    assert text.index("Loss goes down") < text.index("Weight change is measured")


def test_checks_to_mend_come_first_each_group_in_the_order_of_the_course() -> None:
    """A student finds what to do before what is done."""
    checks = (passed("one"), verdict("two"), passed("three"), verdict("four"))
    page = Page(render_report(grade(*checks), title="T"))
    order = re.findall("(?:✓|✗)(One|Two|Three|Four)", page.text)
    assert order == ["Two", "Four", "One", "Three"]


def test_grader_error_says_that_it_is_not_the_students_fault() -> None:
    """There is no mark, and no number that looks like one."""
    text = Page(pages()["grader_error"]).text
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
def test_run_that_gave_nothing_to_check_gets_a_brief_page(name: str, words: str) -> None:
    """One explanation, each message once, and the checks as a plain table."""
    html = pages()[name]
    page = Page(html)
    assert words in page.text
    assert page.text.count("Next step:") == 1
    assert page.images() == []
    assert "h3" not in [tag for tag, _ in page.tags]


def test_run_without_the_sandbox_is_said_so() -> None:
    """The unsafe tier stands in the open, not only under the provenance."""
    made = grade(verdict(), sandbox=SandboxRecord(tier="unsafe"))
    assert "graded without the sandbox" in Page(render_report(made, title="T")).text


def test_long_list_in_evidence_keeps_both_ends() -> None:
    """The middle is left out, and the page says how much of it."""
    check = verdict(evidence={"numbers": list(range(1000))})
    text = Page(render_report(grade(check), title="T")).text
    assert "0, 1, 2," in text
    assert "… 976 left out …" in text
    assert "998, 999" in text


def test_colours_of_the_page_have_enough_contrast() -> None:
    """Text on paper reaches 4.5 to 1 in the light and in the dark."""
    css = (Path(autograder.feedback.__file__).parent / "templates" / "page.css").read_text("utf-8")
    blocks = re.findall(r"--paper: [^}]*}", css)
    assert len(blocks) == 3
    for block in blocks:
        colours = dict(re.findall(r"--(\w+): (#\w+);", block))
        for role in ("ink", "muted", "good", "bad"):
            assert contrast(colours[role], colours["paper"]) >= 4.5, (role, block)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours.

    Source:
        WCAG 2.2, relative luminance and contrast ratio.
    """

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
        total = 0.0
        for weight, start in ((0.2126, 0), (0.7152, 2), (0.0722, 4)):
            c = int(digits[start : start + 2], 16) / 255
            total += weight * (c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4))
        return total

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# --- the pictures -------------------------------------------------------------------------------


def test_pictures_carry_their_numbers_in_words() -> None:
    """The alt texts say what the pictures show; figures worked out by hand."""
    made = grade(passed("a", loss_curve=CURVE), passed("b", kernel=KERNEL))
    loss, kernel = Page(render_report(made, title="T")).images()
    assert loss["alt"] == (
        "Loss from 0.71 before training to 0.08 after 2 epochs, recomputed by the grader; "
        "the history reports 0.52 to 0.2."
    )
    assert kernel["alt"] == (
        "Kernel of the layer “hidden”, 2 inputs by 2 units, before and after training. "
        "Largest change \N{MINUS SIGN}0.5, input 1 to unit 2; mean absolute change 0.156."
    )
    assert {"0.71", "0.08", "start", "epoch"} <= set(words_in(svg_of(loss)))
    shown = [words.replace("\N{MINUS SIGN}", "-") for words in words_in(svg_of(kernel))]
    assert [shown.count(number) for number in ("-0.25", "-0.75", "-0.50", "1.00")] == [1, 1, 1, 2]
    assert {"before", "after", "change: after - before"} <= set(shown)


def test_kernel_that_stayed_is_said_so() -> None:
    """No largest change is named when nothing changed."""
    still = {**KERNEL, "after": KERNEL["before"]}
    (image,) = Page(render_card(verdict(evidence={"kernel": still}))).images()
    assert str(image["alt"]).endswith("No weight changed.")
    assert words_in(svg_of(image)).count("0.00") == 4


def test_history_without_a_fit_is_drawn_beside_the_only_loss() -> None:
    """A claimed history shows although the grader saw no epoch."""
    curve: JsonValue = {"recomputed": [0.69], "reported": [0.5, None, 0.1]}
    (image,) = Page(render_card(verdict(evidence={"loss_curve": curve}))).images()
    assert image["alt"] == (
        "Loss 0.69 before training; no epoch ran, recomputed by the grader; "
        "the history reports 0.5 to 0.1."
    )


@pytest.mark.parametrize(
    "curve",
    [
        None,
        [],
        "curve",
        {},
        {"recomputed": None, "reported": None},
        {"recomputed": [0.7], "reported": None},
        {"recomputed": [0.7], "reported": [None, None]},
        {"recomputed": [0.7, "0.6"]},
        {"recomputed": [0.7, True]},
        {"recomputed": [0.7, None]},
        {"recomputed": [0.7, [0.6]]},
        {"recomputed": [0.7, math.nan]},
        {"recomputed": [math.inf, 0.7]},
        {"recomputed": [0.7, 10**5000]},
        {"recomputed": [1e308, -1e308]},
        {"recomputed": [0.7] * 100_000},
    ],
)
def test_malformed_loss_curve_gives_no_picture(curve: JsonValue) -> None:
    """The words stay, and nothing is raised."""
    made = verdict(evidence={"loss_curve": curve})
    assert Page(render_card(made)).images() == []
    assert Page(render_report(grade(made), title="T")).images() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"before": None},
        {"before": []},
        {"before": [[]]},
        {"before": [0.5, 0.5]},
        {"before": [[0.5, 0.5], [0.5]]},
        {"before": [[0.5], [0.5]]},
        {"before": [[[0.5]]]},
        {"after": [[0.5, "1"], [1, 1]]},
        {"after": [[0.5, math.nan], [1, 1]]},
        {"after": None},
        {"layer": None},
        {"layer": 3},
        {"before": [[0.5] * 100] * 100, "after": [[0.5] * 100] * 100},
    ],
)
def test_malformed_kernel_gives_no_picture(changes: dict[str, JsonValue]) -> None:
    """Ragged, empty, differing, infinite or huge: the words stay, and nothing is raised."""
    made = verdict(evidence={"kernel": {**KERNEL, **changes}})
    assert Page(render_card(made)).images() == []


@pytest.mark.parametrize("reported", [None, "x", [0.5, "x"], [math.nan], {"a": 1}])
def test_malformed_history_leaves_the_recomputed_curve(reported: JsonValue) -> None:
    """What the student reported cannot take away what the grader computed."""
    check = verdict(evidence={"loss_curve": {**CURVE, "reported": reported}})
    (image,) = Page(render_card(check)).images()
    assert "history" not in str(image["alt"])


@pytest.mark.parametrize(
    "losses",
    [[0.0, 0.0], [0.693] * 13, [-3.0, -5.0], [1e-30, 1e-31], [1e99, 2.0], [0.1, 9.0] * 900],
)
def test_odd_losses_still_make_a_picture(losses: list[float]) -> None:
    """Flat, zero, negative, tiny, huge and endless curves have scales too."""
    picture = plots.loss_picture(evidence.LossCurve(tuple(losses), (0.5, math.nan, 1e90)))
    assert words_in(svg_of({"src": picture.src}))


def test_large_kernel_is_drawn_without_numbers() -> None:
    """Where numbers do not fit, rows and columns are counted instead."""
    rows: list[JsonValue] = [[(r - c) / 40 for c in range(40)] for r in range(24)]
    check = verdict(evidence={"kernel": {"layer": "wide", "before": rows, "after": rows}})
    (image,) = Page(render_card(check)).images()
    shown = words_in(svg_of(image))
    assert shown.count("40 units") == 3
    assert "24 inputs" in " ".join(shown)
    assert len(shown) < 12


def test_numbers_on_every_shade_have_enough_contrast() -> None:
    """Black or white, whichever is_dark chooses, reaches 4.5 to 1."""
    assert len(set(plots._COLOURS)) > 50
    for shade in plots._COLOURS:
        ink = "#ffffff" if plots.is_dark(shade) else "#000000"
        assert contrast(ink, shade) >= 4.5, shade


def test_pictures_ignore_the_settings_of_the_notebook() -> None:
    """A style that the student chose for matplotlib changes nothing, and is kept."""
    curve, kernel = evidence.LossCurve((0.7, 0.1)), evidence.Kernel("h", ((1.0,),), ((2.0,),))
    plain = [plots.loss_picture(curve).src, plots.kernel_picture(kernel).src]
    plots.loss_picture.cache_clear()
    plots.kernel_picture.cache_clear()
    settings: dict[Any, Any] = {
        "figure.autolayout": True,
        "figure.dpi": 300,
        "font.size": 30,
        "svg.fonttype": "path",
        "svg.hashsalt": None,
        "savefig.bbox": "tight",
        "path.sketch": (1, 100, 2),
        "text.usetex": True,
    }
    with mpl.rc_context(settings):
        assert [plots.loss_picture(curve).src, plots.kernel_picture(kernel).src] == plain
        assert mpl.rcParams["svg.fonttype"] == "path"


def test_pictures_drawn_in_threads_are_the_same() -> None:
    """Drawing at the same time mixes nothing up."""
    curves = [evidence.LossCurve((1.0, share / 10)) for share in range(8)]
    alone = [plots.loss_picture(curve).src for curve in curves]
    plots.loss_picture.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda curve: plots.loss_picture(curve).src, curves))
    assert together == alone
    assert len(set(alone)) == len(alone)


def test_picture_names_its_font_once() -> None:
    """A change in matplotlib's SVG that would make every report larger shows here."""
    svg = base64.b64decode(plots.loss_picture(evidence.LossCurve((0.7, 0.1))).src.split(",")[1])
    assert svg.count(b"system-ui") == 1
    assert b"rotate(" not in svg
    assert b"<metadata" not in svg


# --- what people added --------------------------------------------------------------------------


def test_report_shows_what_people_added() -> None:
    """Their marks decide the score; their words are text, whatever they hold."""
    review = Review(
        score=2.5,
        max_score=3,
        marks={"loss_goes_down": (2, 3)},
        comments={"train_model": "Nearly <b>there</b>.\nSee the lesson."},
        extra_credit=1,
        late_penalty=0.5,
    )
    html = render_report(grade(verdict()), title="T", review=review)
    text = Page(html).text
    assert "<strong>2.5</strong> of 3" in html
    assert "Nearly <b>there</b>.\nSee the lesson." in text
    for row in ("Loss goes down, marked by hand", "2 of 3", "Extra credit", "+1", "Handed in late"):
        assert row in text


def test_report_without_additions_is_the_grades_own() -> None:
    """An empty review changes no byte."""
    made = grade(verdict())
    review = Review(score=0, max_score=3)
    assert render_report(made, title="T", review=review) == render_report(made, title="T")


# --- the card and its twin ----------------------------------------------------------------------


def test_card_says_outcome_in_words() -> None:
    """Mark, title, word, points, message and next step, without colour."""
    text = " ".join(Page(render_card(verdict())).text.split())
    assert text == (
        "✗Loss goes down · failed, 0 of 3 Before training 0.693, after 5 epochs 0.693; "
        "no weight changed. Next step: Call model.fit(x, y, epochs=epochs) and return what it "
        "returns."
    )


def test_card_fixes_no_colour_of_text_or_background() -> None:
    """JupyterLab's theme decides; the marks alone have colours, with a fallback."""
    styles = [str(found["style"]) for _, found in Page(render_card(verdict())).tags if found]
    assert not [style for style in styles if "background" in style and style.strip()]
    for style in styles:
        for colour in re.findall(r"(?<!-)color: ([^;]*)", style):
            assert colour.startswith("var(--jp-")


def test_card_without_pictures_has_none() -> None:
    """`pictures=False` leaves the words."""
    made = passed("a", loss_curve=CURVE, kernel=KERNEL)
    assert len(Page(render_card(made)).images()) == 2
    assert Page(render_card(made, pictures=False)).images() == []


def test_text_of_a_failed_check_is_three_lines() -> None:
    """The console's form, to the letter."""
    assert render_text(verdict()) == (
        "✗ loss_goes_down  0/3\n"
        "  Before training 0.693, after 5 epochs 0.693; no weight changed.\n"
        "  Next step: Call model.fit(x, y, epochs=epochs) and return what it returns."
    )


@pytest.mark.parametrize(
    ("outcome", "head"),
    [
        (Outcome.PASSED, "✓ a  0/3"),
        (Outcome.NOT_ATTEMPTED, "\N{EN DASH} a  0/3"),
        (Outcome.TIMEOUT, "✗ a  0/3"),
        (Outcome.GRADER_ERROR, "\N{EN DASH} a  no mark"),
    ],
)
def test_text_marks_each_outcome(outcome: Outcome, head: str) -> None:
    """A grader's error shows no points."""
    assert render_text(verdict("a", outcome=outcome, message="", hint="")) == head


def test_message_cannot_forge_a_line_of_the_console() -> None:
    """What follows a line break stays indented, whichever line break it is."""
    text = render_text(verdict("a\n✓ b  3/3", message="x\n✓ c\r✓ d\u2028✓ e\x85✓ f\x1b[1A✓ g"))
    lines = text.splitlines()
    assert lines[0] == r"✗ a\n✓ b  3/3  0/3"
    assert lines[1:3] == ["  x", "  ✓ c\\r✓ d\\u2028✓ e\\x85✓ f\\x1b[1A✓ g"]


# --- plain text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "plain, naïve, 日本語, שלום, 🙂\n\tindented",
            "plain, naïve, 日本語, שלום, 🙂\n\tindented",
        ),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b\x1b[0m[2J", r"\x1b[2J"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J\x08\x7f\x00", r"\x9b2J\x08\x7f\x00"),
        ("a\r\nb\rc", "a\nb\\rc"),
        ("\u202aa\u202e\u2066\u2069\u200e\u200f", r"\u202aa\u202e\u2066\u2069\u200e\u200f"),
        ("\u2028\u200b\ufeff\ufffe", r"\u2028\u200b\ufeff\ufffe"),
        ("\ud800 \udcff", r"\ud800 \udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("", ""),
    ],
)
def test_unseen_characters_are_shown_escaped(text: str, shown: str) -> None:
    """What would act or hide becomes visible; scripts of any language stay."""
    assert clean(text) == shown


def test_long_text_loses_its_middle_and_keeps_both_ends() -> None:
    """100 kB become 1,000 characters, with the number of those left out."""
    text = "begin " + "x" * 99_984 + " differs!!"
    short = clean(text)
    assert len(text) == 100_000
    assert short.startswith("begin xxx")
    assert short.endswith("xxx differs!!")
    assert short.count("… 99,000 characters left out …") == 1
    assert len(short) == 1000 + len("… 99,000 characters left out …")


@pytest.mark.parametrize("limit", [0, 1, 2, 5, 6])
def test_limit_counts_the_characters_kept(limit: int) -> None:
    """Any limit keeps exactly that many, and a text that fits stays whole."""
    middle = f"… {6 - limit} characters left out …"
    shown = clean("abcdef", limit)
    assert shown == "abcdef" if limit == 6 else len(shown) - len(middle) == limit


def test_clean_line_is_one_line() -> None:
    """Newlines and tabs are shown too."""
    assert clean_line("a\nb\tc\r\nd") == r"a\nb\tc\nd"
