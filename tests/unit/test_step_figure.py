"""The interactive figure of 04-weight-steps: its arithmetic, its words and its pictures."""

from __future__ import annotations

import base64
import importlib
import re
import sys
from typing import Any
from xml.etree import ElementTree as ET

import keras
import numpy as np
import pytest
from courses import ROOT

START = np.array([[-0.8], [-0.9]], np.float32)


@pytest.fixture
def figure(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The figure's module, as the notebook imports it."""
    monkeypatch.syspath_prepend(str(ROOT / "solutions" / "04-weight-steps"))
    return importlib.import_module("step_figure")


@pytest.fixture
def data(figure: Any) -> tuple[Any, Any]:
    """The lesson's features and true values for the model with two weights."""
    del figure  # its folder is on the path
    x, y = importlib.import_module("sweetness").sweet_fruit(32, seed=3)
    return x * np.array([1, 0.4], np.float32), y - y.mean()


@pytest.fixture
def model(figure: Any, data: tuple[Any, Any]) -> Any:
    """The model at its start."""
    return figure.TwoWeights(*data, START)


def labels(panel: Any) -> dict[str, Any]:
    """A panel's buttons, by their descriptions."""
    buttons = [
        child for row in panel.children if hasattr(row, "children") for child in row.children
    ]
    return {button.description: button for button in buttons}


def words(panel: Any) -> str:
    """All that the panel's HTML says."""
    return " ".join(str(getattr(child, "value", "")) for child in panel.children)


@pytest.mark.parametrize("rate", [0.02, 0.3, 1.1])
def test_steps_are_those_of_keras(model: Any, data: tuple[Any, Any], rate: float) -> None:
    """Keras' SGD takes the same steps, and its loss agrees before and after each of them."""
    trained = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
    trained.set_weights([START])
    trained.compile(optimizer=keras.optimizers.SGD(rate), loss="mean_squared_error")
    for _ in range(5):
        before = trained.evaluate(*data, verbose=0)
        trained.train_on_batch(*data)
        step = model.step(rate)
        np.testing.assert_allclose(step.after, trained.get_weights()[0][:, 0], rtol=1e-4)
        assert step.loss_before == pytest.approx(before, rel=1e-4)
        assert step.loss_after == pytest.approx(trained.evaluate(*data, verbose=0), rel=1e-4)


@pytest.mark.parametrize("index", [0, 1])
def test_gradient_is_the_slope_of_the_loss(model: Any, index: int) -> None:
    """A small change of one weight changes the loss by the gradient times the change."""
    nudge = np.zeros(2)
    nudge[index] = 1e-6
    rise = model.loss(model.weights + nudge) - model.loss(model.weights - nudge)
    assert model.gradient(model.weights)[index] == pytest.approx(rise / 2e-6, rel=1e-5)


def test_step_is_described_with_its_arithmetic(figure: Any, model: Any) -> None:
    """The words say whether the prediction was right, and gradient, step and both losses."""
    step = model.step(0.3)
    right, wrong = figure.describe(step, 0, 1), figure.describe(step, 0, -1)
    assert right.startswith("Right: the weight of color grew.")
    assert wrong.startswith("Not this time: the weight of color grew.")
    assert "Step = -0.3 * (-1.688) = +0.507." in right
    assert "The loss fell from 0.9425 to 0.3231." in right


def test_step_that_is_too_long_raises_the_loss(figure: Any, model: Any) -> None:
    """With a learning rate of 1.1 the words tell that the loss rose in the end."""
    for _ in range(6):
        step = model.step(1.1)
    assert "The loss rose" in figure.describe(step, 0, 1)
    assert "outside the picture" in figure.draw(model, 0, 1.1)


def test_picture_takes_the_color_of_the_text_and_has_a_label(figure: Any, model: Any) -> None:
    """The SVG is well formed, has no black or white of its own, and says what it shows."""
    svg = figure.draw(model, 1, 0.3)
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    assert "The weight is -0.900, the loss is 0.9425." in root.attrib["aria-label"]
    colors = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert colors == {"currentColor", "none", "#2f7fd6", "#e0444f"}


def test_next_step_is_marked_on_both_sides(figure: Any, model: Any) -> None:
    """Two circles are as far from the weight as the step is long, so they give no sign away."""
    root = ET.fromstring(figure.draw(model, 0, 0.1))  # noqa: S314 - our own picture
    circles = [node.attrib for node in root.iter() if node.tag.endswith("circle")]
    left, right, dot = (float(circle["cx"]) for circle in circles)
    assert dot - left == pytest.approx(right - dot, abs=0.11)
    after = model.step(0.1).after[0]
    assert right == pytest.approx(figure._across(after), abs=0.06)


def test_still_picture_shows_steps_where_no_widgets_run(figure: Any, model: Any) -> None:
    """It is a picture on white and a table; plain text has the same steps."""
    still = figure.still_picture(model)
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', still["text/html"])
    svg = base64.b64decode(picture).decode()
    ET.fromstring(svg)  # noqa: S314 - our own picture
    assert "currentColor" not in svg
    assert still["text/plain"].count("\n") == 5
    assert "+0.507" in still["text/plain"]
    assert "+0.507" in still["text/html"]
    assert model.steps == []


def test_prediction_takes_one_step_of_both_weights(figure: Any, model: Any) -> None:
    """A button steps, says the verdict and adds a row; the other weight has moved too."""
    panel = figure._panel(model)
    labels(panel)["It will grow →"].click()
    assert "Right: the weight of color grew." in words(panel)
    assert words(panel).count('<th scope="row">') == 1
    panel.children[1].value = 1
    assert "Steps of the weight of softness" in words(panel)
    assert "-0.815" in words(panel)
    labels(panel)["Start again"].click()
    assert model.steps == []
    assert "<table" not in words(panel)


def test_learning_rate_moves_the_marks(figure: Any, model: Any) -> None:
    """Dragging the learning rate redraws the picture, and takes no step."""
    panel = figure._panel(model)
    before = panel.children[3].value
    panel.children[2].value = 0.1
    assert panel.children[3].value != before
    assert model.steps == []


def test_figure_without_ipywidgets_is_the_picture(
    figure: Any, data: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where ipywidgets is not installed, one output shows the picture, and nothing fails."""
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda output, **_: shown.append(output))
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    figure.show_step_figure(*data, START)
    assert [sorted(output) for output in shown] == [["text/html", "text/plain"]]
