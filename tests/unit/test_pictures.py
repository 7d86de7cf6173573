"""The pictures of the feedback: what is drawn, read off the picture's own scales and keys."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from contrast import contrast_ratio
from grades import KERNEL, LOSS_CURVE, make_grade, make_verdict
from html_page import Page
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import JsonValue
from svg_pictures import CHANGE, KernelPicture, LossPicture, SvgPicture

from autograder.feedback import render_card, render_report
from autograder.feedback.drawing import ticks
from autograder.feedback.pictures import pictures_of

Attributes = Mapping[str, str | None]
RECOMPUTED = "recomputed by the grader"
REPORTED = "reported by the history"


def images(**evidence: JsonValue) -> list[dict[str, str | None]]:
    """The images of a card."""
    return Page(render_card(make_verdict(evidence=evidence))).images()


def loss_image(
    recomputed: Sequence[float | None], reported: Sequence[float | None] = ()
) -> Attributes:
    """The image of a loss curve."""
    (image,) = images(loss_curve={"recomputed": [*recomputed], "reported": [*reported]})
    return image


def kernel_image(before: Sequence[Sequence[float]], after: Sequence[Sequence[float]]) -> Attributes:
    """The image of a kernel."""
    rows: list[JsonValue] = [[*row] for row in before]
    (image,) = images(
        kernel={"layer": "hidden", "before": rows, "after": [[*row] for row in after]}
    )
    return image


# --- the loss curve -----------------------------------------------------------------------------


def test_epochs_without_weights_stand_on_a_straight_line() -> None:
    """Of a long training of a large model only some epochs are recomputed; the caption says so."""
    verdict = make_verdict(evidence={"loss_curve": {"recomputed": [1, None, 0.5]}})
    page = Page(render_report(make_grade(verdict), title="T"))
    (picture,) = page.pictures()
    assert "from 1 before training to 0.5 after 2 epochs" in str(picture["aria-label"])
    assert "after some of the epochs" in page.words


def test_recomputed_losses_are_drawn_at_their_epochs() -> None:
    """The first curve has the losses before training and after each epoch."""
    picture = LossPicture(loss_image([0.71, 0.31, 0.08], [0.52, 0.2]))
    np.testing.assert_allclose(
        picture.curve(RECOMPUTED), [(0, 0.71), (1, 0.31), (2, 0.08)], atol=1e-4
    )


def test_reported_losses_are_drawn_in_the_middle_of_their_epochs() -> None:
    """The second curve has the means that Keras reports, with a key and a pen of its own."""
    picture = LossPicture(loss_image([0.71, 0.31, 0.08], [0.52, 0.2]))
    np.testing.assert_allclose(picture.curve(REPORTED), [(0.5, 0.52), (1.5, 0.2)], atol=1e-4)
    pens = {line.pen for line in picture.lines if line.pen}
    assert pens == {"recomputed", "recomputed key", "reported", "reported key"}


@pytest.mark.parametrize("first", [0.8, 1.5, 2.8])
def test_high_first_epochs_of_the_history_are_on_the_scale(first: float) -> None:
    """A history that begins above the loss before training is drawn to its beginning."""
    picture = LossPicture(loss_image([0.71, 0.31, 0.08], [first, 0.2]))
    np.testing.assert_allclose(picture.curve(REPORTED), [(0.5, first), (1.5, 0.2)], atol=1e-2)
    heights = [text.y for text in picture.texts]
    reported = next(line for line in picture.lines if line.pen == "reported")
    assert min(y for _, y in reported.points) > min(heights) - 30


def test_reported_loss_beyond_the_scale_is_written_at_its_edge() -> None:
    """A history in other units does not flatten the curve, and its largest loss is told."""
    picture = LossPicture(loss_image([0.71, 0.31, 0.08], [500, 0.2]))
    assert "↑ 500" in picture.words
    assert "↑ 500" not in LossPicture(loss_image([0.71, 0.31, 0.08], [0.9, 0.2])).words


def test_epoch_whose_weights_were_restored_is_marked() -> None:
    """The loss that a message gives is a point of the curve, although it ends elsewhere."""
    (image,) = images(loss_curve={"recomputed": [2.3, 0.857, 0.7, 0.592], "left": 1})
    assert "weights of epoch 1 restored: 0.857" in LossPicture(image).words
    assert "with the weights of epoch 1 restored, whose loss is 0.857" in str(image["alt"])


@pytest.mark.parametrize("left", [None, True, -1, 0, 3, 9, "1", 1.5])
def test_restored_epoch_that_is_none_is_not_marked(left: JsonValue) -> None:
    """The last epoch needs no mark, and malformed evidence has none."""
    (image,) = images(loss_curve={"recomputed": [2.3, 0.857, 0.7, 0.592], "left": left})
    assert "restored" not in str(image["alt"])


def test_first_and_last_loss_are_written_beside_their_points() -> None:
    """A reader has the two numbers that matter without reading the scale."""
    picture = LossPicture(loss_image([0.71, 0.31, 0.08]))
    assert {"0.71", "0.08", "start", "1", "2", "epoch"} <= set(picture.words)
    last = picture.text("0.08")
    assert picture.loss_at(last) == pytest.approx(0.08, abs=1e-4)
    assert last.x > picture.text("2").x
    assert picture.text("0.71").x < picture.text("1").x


def test_history_without_a_fit_is_drawn_beside_the_only_loss() -> None:
    """A claimed history is shown although the grader saw no epoch; gaps stay gaps."""
    image = loss_image([0.69], [0.5, None, 0.1])
    assert image["alt"] == (
        "Loss 0.69 before training; no epoch ran, recomputed by the grader; "
        "the history reports 0.5 to 0.1."
    )
    picture = LossPicture(image)
    np.testing.assert_allclose(picture.curve(RECOMPUTED), [(0, 0.69)], atol=1e-4)
    first, last = picture.curve_parts(REPORTED)
    np.testing.assert_allclose(first, [(0.5, 0.5)], atol=1e-4)
    np.testing.assert_allclose(last, [(2.5, 0.1)], atol=1e-4)


@pytest.mark.parametrize(
    "losses",
    [[0.0, 0.0], [0.693] * 13, [-3.0, -5.0], [1e-30, 1e-31], [1e99, 2.0], [0.1, 9.0] * 900],
    ids=["zero", "flat", "negative", "tiny", "huge", "long"],
)
def test_odd_losses_are_drawn_on_a_scale_that_fits(losses: list[float]) -> None:
    """The curve reads as the losses, and fills the picture, whatever their size and number."""
    picture = LossPicture(loss_image(losses, [0.5, None, 1e90]))
    curve = picture.curve(RECOMPUTED)
    span = max(*losses, 0) - min(*losses, 0)
    np.testing.assert_allclose(curve[:, 0], np.arange(len(losses)), atol=5e-2)
    np.testing.assert_allclose(curve[:, 1], losses, atol=1e-3 * (span or 1))
    heights = {text.y for text in picture.texts}
    assert max(heights) - min(heights) > 200


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
    verdict = make_verdict(evidence={"loss_curve": curve})
    for page in (render_card(verdict), render_report(make_grade(verdict), title="T")):
        assert Page(page).images() == Page(page).pictures() == []
        assert verdict.message in Page(page).text


@pytest.mark.parametrize("reported", [None, "x", [0.5, "x"], [math.nan], {"a": 1}])
def test_malformed_history_leaves_the_recomputed_curve(reported: JsonValue) -> None:
    """What the student reported cannot take away what the grader computed."""
    (image,) = images(loss_curve={**LOSS_CURVE, "reported": reported})
    assert "history" not in str(image["alt"])
    picture = LossPicture(image)
    assert picture.curve(RECOMPUTED)[:, 1].tolist() == pytest.approx([0.71, 0.31, 0.08], abs=1e-4)
    assert not [words for words in picture.words if words.startswith(REPORTED)]


# --- the kernel ---------------------------------------------------------------------------------


def test_kernel_is_drawn_as_three_grids_of_numbers() -> None:
    """Rows are inputs, columns are units, and the third grid is the second minus the first."""
    picture = KernelPicture(kernel_image([[0.5, -0.25], [0.125, 1]], [[0.5, -0.75], [0.25, 1]]))
    grids = {
        title: [picture.number(cell).words for cell in picture.grid(title)]
        for title in ("before", "after", CHANGE)
    }
    minus = "\N{MINUS SIGN}"
    assert grids == {
        "before": ["0.50", f"{minus}0.25", "0.12", "1.00"],
        "after": ["0.50", f"{minus}0.75", "0.25", "1.00"],
        CHANGE: ["0.00", f"{minus}0.50", "0.12", "0.00"],
    }
    assert picture.text("input 1").y < picture.text("before").y + 100
    assert picture.words.count("unit 1") == 3


def test_colors_of_a_kernel_follow_the_scale_below_it() -> None:
    """All grids share one scale, so that equal weights have equal colors."""
    before, after = [[0.5, -0.25], [0.125, 1.0]], [[0.5, -0.75], [0.25, 1.0]]
    picture = KernelPicture(kernel_image(before, after))
    change = np.subtract(after, before).tolist()
    for title, weights in (("before", before), ("after", after), (CHANGE, change)):
        read = [picture.weight(cell) for cell in picture.grid(title)]
        np.testing.assert_allclose(read, np.ravel(weights), atol=1 / 8)
    colors = [box.color for box in picture.scale]
    assert len(set(colors)) == len(colors)
    assert contrast_ratio(colors[len(colors) // 2], "#ffffff") < 1.2


def test_kernel_that_stayed_says_that_no_weight_changed() -> None:
    """No largest change is named when nothing changed, and the third grid is all zeros."""
    weights = [[0.5, -0.25], [0.125, 1.0]]
    image = kernel_image(weights, weights)
    assert str(image["alt"]).endswith("No weight changed.")
    picture = KernelPicture(image)
    cells = picture.grid(CHANGE)
    assert [picture.number(cell).words for cell in cells] == ["0.00"] * 4
    assert len({cell.color for cell in cells}) == 1


def test_large_kernel_is_drawn_without_numbers() -> None:
    """Where numbers do not fit, rows and columns are counted, and every weight has its color."""
    rows = [[(row - column) / 40 for column in range(40)] for row in range(24)]
    picture = KernelPicture(kernel_image(rows, rows))
    assert picture.words.count("40 units") == 3
    assert {"24", "inputs"} <= set(picture.words)
    assert len(picture.words) < 12
    cells = picture.grid("after")
    assert len(cells) == 24 * 40
    read = [picture.weight(cell) for cell in cells]
    np.testing.assert_allclose(read, np.ravel(rows), atol=1 / 8)


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
    """Where weights are ragged, empty, infinite or too many, the words stay."""
    verdict = make_verdict(evidence={"kernel": {**KERNEL, **changes}})
    page = Page(render_card(verdict))
    assert page.images() == []
    assert verdict.message in page.text


def test_numbers_on_every_shade_have_enough_contrast() -> None:
    """Black or white on the color of a weight reaches 4.5 to 1."""
    weights = np.linspace(-1, 1, 105).reshape(21, 5).tolist()
    picture = KernelPicture(kernel_image(weights, weights))
    cells = picture.grid("before")
    assert len({cell.color for cell in cells}) > 50
    for cell in cells:
        assert contrast_ratio(picture.number(cell).color, cell.color) >= 4.5, cell


# --- both ---------------------------------------------------------------------------------------


def test_alternative_texts_have_the_numbers_of_the_pictures() -> None:
    """People who cannot see the pictures get their numbers in words; worked out by hand."""
    verdicts = [
        make_verdict("a", evidence={"loss_curve": dict(LOSS_CURVE)}),
        make_verdict("b", evidence={"kernel": dict(KERNEL)}),
    ]
    loss, kernel = Page(render_report(make_grade(*verdicts), title="T")).pictures()
    assert loss["aria-label"] == (
        "Loss from 0.71 before training to 0.08 after 2 epochs, recomputed by the grader; "
        "the history reports 0.52 to 0.2."
    )
    assert kernel["aria-label"] == (
        "Kernel of the layer “hidden”, 2 inputs by 2 units, before and after training. "
        "Largest change \N{MINUS SIGN}0.5, input 1 to unit 2; mean absolute change 0.156."
    )


def test_card_and_report_show_the_same_pictures() -> None:
    """What a card has as an image with its own style, a report has in the page."""
    verdict = make_verdict(evidence={"loss_curve": dict(LOSS_CURVE), "kernel": dict(KERNEL)})
    report = render_report(make_grade(verdict), title="T")
    drawings = images(**verdict.evidence)
    assert len(drawings) == len(Page(report).pictures()) == 2
    for image in drawings:
        svg = SvgPicture(image).svg.decode()
        start, end = svg.index("<style>"), svg.index("<g>")
        assert svg[:start] + svg[end:] in report


def test_image_of_a_card_brings_its_paper_and_its_colors() -> None:
    """An image is on its own: each of its variables has a value, and nothing else is fetched."""
    svg = LossPicture(loss_image([0.7, 0.1], [0.5])).svg.decode()
    used, given = set(re.findall(r"var\((--[\w-]+)\)", svg)), set(re.findall(r"(--[\w-]+):", svg))
    assert "--paper" in used <= given
    assert '<rect class="paper"' in svg
    assert not re.search(r"url\(|href|@import", svg)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (0, 0.729, [0, 0.2, 0.4, 0.6]),
        (-3, 1100, [0, 500, 1000]),
        (0.31, 0.33, [0.31, 0.315, 0.32, 0.325, 0.33]),
        (1, 1, []),
        (0, math.inf, []),
    ],
)
def test_ticks_are_round_numbers_within_the_scale(
    low: float, high: float, expected: list[float]
) -> None:
    """Steps are 1, 2, 2.5 or 5 times a power of ten."""
    assert ticks(low, high) == pytest.approx(expected)


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e12))
@example(-762739021.3419404, 1e-6)
def test_ticks_are_few_and_even(low: float, span: float) -> None:
    """There are between two and nine of them, evenly spaced, wherever the scale is."""
    high = low + span
    numbers = ticks(low, high)
    assert 2 <= len(numbers) <= 9
    slack = span * 1e-6 + 2 * np.spacing(max(abs(low), abs(high)))
    assert low - slack <= numbers[0] <= numbers[-1] <= high + slack
    steps = np.diff(numbers)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-3, atol=1e-6)


def test_validation_curve_is_a_picture_of_its_own() -> None:
    """A verdict with losses on validation data adds a second picture, which says so."""
    curve: dict[str, JsonValue] = {"recomputed": [2.3, 1.1, 1.4], "data": "validation"}
    seen = make_verdict("overfitting_is_seen", evidence={"loss_curve": curve})
    trained = make_verdict(evidence={"loss_curve": dict(LOSS_CURVE)})
    pictures = pictures_of(seen, trained)
    assert [picture.alt.partition(" ")[0] for picture in pictures] == ["Loss", "Validation"]
    assert "the loss on the validation data" in pictures[1].caption.lower()
