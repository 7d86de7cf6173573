"""What a report shows of a training: the landscape, what moved, and wrong predictions."""

from __future__ import annotations

import base64
import io
import math
import re

import numpy as np
import pytest
from grades import HOSTILE_TEXT, make_grade, make_verdict
from html_page import Page
from PIL import Image
from training_summaries import digit, train

from autograder.feedback import render_report
from autograder.feedback.contours import LEVELS, filled_contours, known_numbers, levels_of
from autograder.feedback.drawing import Label, Plot
from autograder.feedback.labels import place_labels
from autograder.feedback.landscape_picture import landscape_picture
from autograder.results import Landscape, Mistake, Outcome, PathPoint, TrainingSummary

SUMMARY = train()
MAX_BYTES = 250_000


def page_of(summary: TrainingSummary, **evidence: dict[str, list[float]]) -> Page:
    """The report of a Grade with a training."""
    verdict = make_verdict(outcome=Outcome.PASSED, evidence=dict(evidence))  # type: ignore[arg-type]
    grade = make_grade(verdict).model_copy(update={"training": summary})
    html = render_report(grade, title="T")
    assert len(html.encode()) < MAX_BYTES
    return Page(html)


def test_report_of_a_training_has_sentence_pictures_and_tables() -> None:
    """The landscape, the losses and the weights one by one, with the features' names."""
    page = page_of(SUMMARY)
    first, loss, weights = [str(svg["aria-label"]) for svg in page.pictures()][:3]
    assert first.startswith("The loss over a plane of weights")
    assert loss.startswith("Loss from 0.729 before training")
    assert weights.startswith("Weights “hidden kernel”, 3 inputs by 5 units, before and after")
    assert re.search(r"Largest change \S+, softness to unit \d;", weights)
    assert "Most of the change" in page.words
    assert "hidden kernel 3 × 5 1.35 2.29 1.69 times" in page.words  # noqa: RUF001
    assert "softness 2.05 hue 0.837 weight 0.579" in page.words
    assert (
        "Of 60 practice samples that it was not trained on, your model gets 9 wrong." in page.words
    )


def test_losses_of_some_epochs_stand_on_straight_lines() -> None:
    """A long training was recomputed at some epochs, and so was the reference at others."""
    summary = SUMMARY.model_copy(
        update={"loss": (0.9, 0.5, 0.1), "epochs": (0, 10, 20), "reference_loss": (0.9, None, 0.2)}
        | {"reference_epochs": (0, 7, 14)}
    )
    page = page_of(summary)
    (loss,) = [str(svg["aria-label"]) for svg in page.pictures() if "Loss" in str(svg)]
    assert loss.startswith("Loss from 0.9 before training to 0.1 after 20 epochs")
    assert loss.endswith("the course's own solution goes from 0.9 to 0.2.")
    assert "after some of the epochs" in page.words


def test_curve_of_another_training_does_not_stand_for_this_one() -> None:
    """A notebook that trains twice has a curve in a check that is not the summary's."""
    other = page_of(SUMMARY, loss_curve={"recomputed": [5.0, 4.0], "reported": [4.5]})
    labels = [str(svg["aria-label"]) for svg in other.pictures()]
    assert [label[:15] for label in labels if label.startswith("Loss")] == ["Loss from 0.729"]


def test_losses_of_the_reference_are_beside_the_students() -> None:
    """The history, the recomputed losses and the course's own solution share one picture."""
    recomputed = [float(loss or 0) for loss in SUMMARY.loss]
    page = page_of(SUMMARY, loss_curve={"recomputed": recomputed, "reported": [0.52, 0.2]})
    labels = [str(svg["aria-label"]) for svg in page.pictures()]
    (loss,) = [label for label in labels if label.startswith("Loss from")]
    assert "the history reports 0.52 to 0.2; the course's own solution goes from 0.729" in loss


def test_path_in_the_landscape_is_where_the_figures_say() -> None:
    """Start and end of the polyline have the coordinates of the path, by the picture's axes."""
    landscape = SUMMARY.landscape
    assert landscape is not None
    picture = landscape_picture(landscape)
    assert picture is not None
    points = re.search(r'class="line path" points="([^"]*)"', picture.svg)
    assert points is not None
    pixels = np.array([pair.split(",") for pair in points[1].split()], dtype=float)
    path = np.array([(point.x, point.y) for point in landscape.path])
    scale = (pixels[-1] - pixels[0]) / (path[-1] - path[0] + [0, 1e-12])
    assert scale[0] > 0
    np.testing.assert_allclose(
        pixels[:, 0], pixels[0, 0] + scale[0] * (path[:, 0] - path[0, 0]), atol=0.02
    )
    highest = int(path[:, 1].argmax())
    assert pixels[:, 1].argmin() == highest
    assert {">start<", ">end, epoch 20<", ">course&#39;s solution<"} <= set(
        re.findall(r">[^<>]+<", picture.svg)
    )
    assert landscape.in_plane < 1
    assert "This plane shows 99\u2009% of your weights' movement." in picture.caption


def test_contours_cover_what_is_at_or_above_their_bound() -> None:
    """By a plane that rises from left to right: the areas are rectangles worked out by hand."""
    plot = Plot(0, 0, 100, 50, (0, 0), (1, 1))
    x = y = [0.0, 0.5, 1.0]
    numbers = known_numbers([x for _ in y])
    bounds, is_log = levels_of(numbers)
    assert not is_log
    paths = filled_contours(plot, x, y, numbers, bounds)
    assert len(paths) == LEVELS
    for bound, path in zip(bounds, paths, strict=False):
        places = np.array(re.findall(r"([-\d.]+) ([-\d.]+)", path), dtype=float)
        np.testing.assert_allclose(places.min(0), (100 * bound, 0), atol=0.06)
        np.testing.assert_allclose(places.max(0), (100, 50), atol=0.06)


def test_wide_range_of_losses_has_bounds_that_are_multiples() -> None:
    """From 0.1 to 1000 each color is the same factor; a loss of 0 leaves no such choice."""
    bounds, is_log = levels_of(known_numbers([[0.1, 1000.0], [None, math.inf]]))
    assert is_log
    np.testing.assert_allclose(np.divide(bounds[1:], bounds[:-1]), 10**0.4)
    assert not levels_of(known_numbers([[0.0, 1000.0], [1.0, 2.0]]))[1]


def flat(**fields: object) -> Landscape:
    """A small landscape, of which a test changes a part."""
    loss = ((0.5, 0.4, 0.3), (0.6, 0.5, 0.2), (0.7, 0.6, 0.5))
    path = (PathPoint(epoch=0, x=0, y=0, loss=0.5), PathPoint(epoch=1, x=1, y=0, loss=0.2))
    values = {"x": (-1, 0.5, 2), "y": (-1, 0, 1), "loss": loss, "path": path, "in_plane": 1.0}
    return Landscape.model_validate({**values, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"path": ()},
        {"x": (), "y": (), "loss": ()},
        {"x": (1, 1, 1)},
        {"y": (0, math.nan, 1)},
        {"loss": ((0.5, 0.4, 0.3),)},
        {"loss": ((0.5,), (0.6,), (0.7,))},
        {"loss": ((None,) * 3,) * 3},
        {"path": (PathPoint(epoch=0, x=math.inf, y=0, loss=None),)},
    ],
)
def test_malformed_landscape_gives_no_picture(fields: dict[str, object]) -> None:
    """The rest of the report stays."""
    assert landscape_picture(flat(**fields)) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"loss": ((0.5, None, 0.3), (0.6, 0.5, 0.2), (0.7, 0.6, 0.5))}, "Where there is no color"),
        ({"loss": ((0.5, 4, 0.3), (0.6, 9000, 0.2), (0.7, 0.6, 0.5))}, "by the same factor"),
        ({"reference": (PathPoint(epoch=1, x=9, y=0, loss=0.1),)}, "ends outside of the picture"),
        ({"path": (PathPoint(epoch=0, x=0, y=0, loss=0.5),)}, "did not leave the start"),
        ({"samples": 500}, "the loss there on 500 training samples"),
        ({"loss": ((0.5,) * 3,) * 3}, "This plane shows all of your weights' movement"),
    ],
)
def test_odd_landscape_says_what_to_know(fields: dict[str, object], words: str) -> None:
    """Holes, a wide range, a reference outside, and no slope at all."""
    picture = landscape_picture(flat(**fields))
    assert picture is not None
    assert words in picture.caption


def test_names_beside_points_that_meet_do_not_hide_each_other() -> None:
    """Three names at one point, in the corner of a plot, have places of their own."""
    plot = Plot(0, 0, 300, 200, (0, 0), (1, 1))
    labels = place_labels(plot, [(name, (292, 190)) for name in ("start", "end", "other")], [])
    boxes = [box_of(label) for label in labels]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= 300
        assert bottom <= 200
        for other in boxes[:number]:
            assert right < other[0] or left > other[2] or bottom < other[1] or top > other[3]


def box_of(label: Label) -> tuple[float, float, float, float]:
    """About where a browser writes a label."""
    width = 6 * len(label.text)
    left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return left, label.y - 10, left + width, label.y + 3


def test_pixels_of_a_mistake_are_its_image() -> None:
    """Pillow reads the same gray values, also from values that no pixel has."""
    summary = TrainingSummary(
        mistakes=(
            Mistake(predicted="7", expected="1", pixels=digit()),
            Mistake(predicted="0", expected="1", pixels=((-5, 300), (7, 8))),
            Mistake(predicted="2", expected="1", pixels=((1, 2), (3,))),
        ),
        wrong=3,
        practice_samples=10,
    )
    page = page_of(summary)
    first, second = page.images()
    assert "your model gets 3 wrong. Here they are." in page.words
    for image, expected in ((first, digit()), (second, ((0, 255), (7, 8)))):
        data = base64.b64decode(str(image["src"]).removeprefix("data:image/png;base64,"))
        np.testing.assert_array_equal(np.array(Image.open(io.BytesIO(data))), expected)
    assert (first["width"], first["height"]) == ("112", "112")


def test_hostile_names_in_a_training_stay_text() -> None:
    """Students choose the names of layers and what a model answers."""
    change = SUMMARY.changes[0].model_copy(
        update={"array": HOSTILE_TEXT, "inputs": (HOSTILE_TEXT, "a", "b")}
    )
    mistake = Mistake(predicted=HOSTILE_TEXT, expected=HOSTILE_TEXT, text=HOSTILE_TEXT)
    page = page_of(SUMMARY.model_copy(update={"changes": (change,), "mistakes": (mistake,)}))
    assert page.event_handlers() == []
    assert "script" not in page.names
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("weights", [8, 400_000])
def test_array_that_stood_still_is_told(weights: int) -> None:
    """Large arrays have a row without numbers of their own."""
    change = SUMMARY.changes[1].model_copy(
        update={"weights": weights, "still": weights, "change": 0.0, "values_before": ()}
    )
    page = page_of(SUMMARY.model_copy(update={"changes": (change, SUMMARY.changes[2])}))
    assert "hidden bias 5 0 0 0 0 % stood still" in page.words
