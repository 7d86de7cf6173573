"""An interactive figure: predict which way a weight will change, take the step, and see why.

The model has two weights and no bias, and its loss is the mean squared error, as in the notebook.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from two_weights import Step, TwoWeights

WEIGHTS = ("weight of color", "weight of softness")
FIRST_RATE = 0.3
RATES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
_PICTURE_STEPS = 5
_MOST_ROWS = 6
_WIDTH, _HEIGHT = 460, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 450, 12, 208
_LARGEST_WEIGHT, _LARGEST_LOSS = 1.5, 1.6
_BLUE, _RED = "#2f7fd6", "#e0444f"  # a contrast of at least 3 to white and to the dark theme


def draw(model: TwoWeights, index: int, rate: float) -> str:
    """Draw the loss for one weight as SVG; the other weight stays where it is.

    A dot is the weight now. Two circles on the axis are where the next step may end, one on each
    side. An arrow is the last step. Lines and text have the color of the text around the picture.

    Args:
        model: The model.
        index: Which weight, 0 or 1.
        rate: The learning rate of the next step.

    Returns:
        An `<svg>` element with a text for screen readers.
    """
    weights = model.weights
    values = np.linspace(-_LARGEST_WEIGHT, _LARGEST_WEIGHT, 61)
    losses = [model.loss(_with(weights, index, value)) for value in values]
    curve = " ".join(
        f"{_across(v):.1f},{_up(loss):.1f}" for v, loss in zip(values, losses, strict=True)
    )
    now, loss = float(weights[index]), model.loss(weights)
    length = abs(rate * float(model.gradient(weights)[index]))
    parts = [_axes(WEIGHTS[index])]
    parts.append(
        f'<svg x="{_LEFT}" y="{_TOP}" width="{_RIGHT - _LEFT}" height="{_BOTTOM - _TOP}" '
        f'viewBox="{_LEFT} {_TOP} {_RIGHT - _LEFT} {_BOTTOM - _TOP}">'
        f'<polyline points="{curve}" fill="none" stroke="{_BLUE}" stroke-width="2.5"/></svg>'
    )
    parts += [
        f'<circle cx="{_across(end):.1f}" cy="{_BOTTOM}" r="5" fill="none" stroke="currentColor"/>'
        for end in (now - length, now + length)
        if abs(end) <= _LARGEST_WEIGHT
    ]
    if model.steps:
        parts.append(_arrow(model.steps[-1], index))
    if abs(now) <= _LARGEST_WEIGHT and loss <= _LARGEST_LOSS:
        parts.append(f'<circle cx="{_across(now):.1f}" cy="{_up(loss):.1f}" r="6" fill="{_RED}"/>')
    else:
        parts.append(
            f'<text x="{_LEFT + 8}" y="{_TOP + 14}" fill="currentColor">outside the picture: '
            f"weight {now:.3g}, loss {loss:.3g}</text>"
        )
    label = html.escape(
        f"Loss for each value of the {WEIGHTS[index]}: a valley. The weight is {now:.3f}, the loss "
        f"is {loss:.4f}. The next step ends {length:.3f} to the left or to the right."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{label}" '
        f'font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def describe(step: Step, index: int, predicted: int) -> str:
    """Say what a step did to one weight, and whether that was predicted.

    Args:
        step: The step.
        index: Which weight, 0 or 1.
        predicted: 1 if the weight should grow, -1 if it should shrink.

    Returns:
        Three sentences of plain text.
    """
    slope, change = step.gradient[index], step.after[index] - step.before[index]
    moved = "grew" if change > 0 else "shrank" if change < 0 else "did not change"
    verdict = "Right" if np.sign(change) == predicted else "Not this time"
    if slope == 0:
        reason = "The gradient is 0: the loss is level here, so there is no step."
    else:
        reason = (
            f"The gradient is {slope:+.3f}: the loss grows when the weight "
            f"{'grows' if slope > 0 else 'shrinks'}, so the step goes the other way."
        )
    arithmetic = f"Step = -{step.rate:g} * ({slope:+.3f}) = {change:+.3f}."
    trend = "fell" if step.loss_after < step.loss_before else "rose"
    return (
        f"{verdict}: the {WEIGHTS[index]} {moved}. {reason} {arithmetic} The loss {trend} from "
        f"{step.loss_before:.4g} to {step.loss_after:.4g}."
    )


def table(steps: Sequence[Step], index: int) -> str:
    """The latest steps of one weight as an HTML table."""
    first = max(0, len(steps) - _MOST_ROWS)
    heads = ("step", "learning rate", "weight before", "gradient", "change", "weight after")
    head = "".join(f'<th scope="col">{name}</th>' for name in (*heads, "loss after"))
    body = "".join(
        f'<tr><th scope="row">{number}</th>'
        + "".join(f"<td>{cell}</td>" for cell in _row(step, index))
        + "</tr>"
        for number, step in enumerate(steps[first:], start=first + 1)
    )
    caption = f"<caption>Steps of the {WEIGHTS[index]}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def text_table(steps: Sequence[Step], index: int) -> str:
    """The same as `table`, as plain text."""
    lines = [
        f"Steps of the {WEIGHTS[index]}: learning rate, weight before, gradient, change, weight"
    ]
    lines[0] += " after, loss after"
    lines += [f"{n}: " + "  ".join(_row(step, index)) for n, step in enumerate(steps, start=1)]
    return "\n".join(lines)


def still_picture(model: TwoWeights, index: int = 0) -> dict[str, str]:
    """A few steps as a picture and a table, for where no widgets run.

    Args:
        model: The model; it is left as it was.
        index: Which weight, 0 or 1.

    Returns:
        Representations by media type, as `display` takes them.
    """
    taken, model.steps = model.steps, []
    steps = [model.step(FIRST_RATE) for _ in range(_PICTURE_STEPS)]
    model.steps = steps[:1]
    svg = draw(model, index, FIRST_RATE).replace("currentColor", "#222222")
    model.steps = taken
    background = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    start = svg.index(">") + 1
    data = base64.b64encode((svg[:start] + background + svg[start:]).encode()).decode()
    text = text_table(steps, index)
    picture = (
        f'<img alt="The loss of the {WEIGHTS[index]} after one step" '
        f'src="data:image/svg+xml;base64,{data}">'
    )
    return {
        "text/html": f'<div class="step-figure-still">{picture}{table(steps, index)}</div>',
        "text/plain": text,
    }


def show_step_figure(x: Any, y: Any, start: Any) -> None:
    """Show the figure in a notebook: with controls where widgets run, else as a picture.

    Args:
        x: Features, shape (samples, 2).
        y: True values, shape (samples, 1).
        start: The weights to start from, shape (2, 1).
    """
    from IPython.display import display  # noqa: PLC0415 - not where only the arithmetic is used

    model = TwoWeights(x, y, start)
    display(still_picture(model), raw=True)
    try:
        panel = _panel(model)
    except ImportError:  # without ipywidgets the picture is all
        return
    view = dict(panel._repr_mimebundle_())
    view["text/plain"] = ""  # a terminal shows the picture's text instead
    display(view, raw=True)


def _panel(model: TwoWeights) -> Any:
    """The controls, and the picture that follows them."""
    import ipywidgets  # noqa: PLC0415 - the picture works without it

    wide = {"description_width": "initial"}
    weight = ipywidgets.ToggleButtons(
        options=[(name, number) for number, name in enumerate(WEIGHTS)],
        description="Watch the",
        style=wide,
    )
    rate = ipywidgets.SelectionSlider(
        options=RATES,
        value=FIRST_RATE,
        description="Learning rate",
        style=wide,
        layout={"width": "440px"},
    )
    grow = ipywidgets.Button(description="It will grow →", tooltip="Predict, and take the step")
    shrink = ipywidgets.Button(description="← It will shrink", tooltip="Predict, and take the step")
    again = ipywidgets.Button(description="Start again")
    picture, words, rows = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
    said = ["Predict: will this weight grow or shrink in the next step? Then see it."]

    def refresh(_change: object = None) -> None:
        picture.value = draw(model, weight.value, rate.value)
        words.value = f'<p role="status" class="step-figure-words">{html.escape(said[0])}</p>'
        rows.value = table(model.steps, weight.value) if model.steps else ""

    def predict(sign: int) -> None:
        said[0] = describe(model.step(rate.value), weight.value, sign)
        refresh()

    def restart(_button: object) -> None:
        model.restart()
        said[0] = "Back at the start. Predict again, perhaps with another learning rate."
        refresh()

    grow.on_click(lambda _button: predict(1))
    shrink.on_click(lambda _button: predict(-1))
    again.on_click(restart)
    weight.observe(refresh, "value")
    rate.observe(refresh, "value")
    refresh()
    # Where this is drawn, widgets run, and the still picture above is not needed.
    style = ipywidgets.HTML(
        "<style>.step-figure-still {display: none}"
        ".step-figure svg, .step-figure p, .step-figure table, .step-figure caption,"
        ".step-figure th, .step-figure td, .step-figure label"
        " {color: var(--jp-content-font-color1, inherit)}"
        ".step-figure p {max-width: 46em; line-height: 1.4; margin: 4px 0}"
        ".step-figure th, .step-figure td {text-align: right; padding: 2px 8px}"
        ".step-figure caption {text-align: left; font-weight: bold}</style>"
    )
    buttons = ipywidgets.HBox([shrink, grow, again])
    panel = ipywidgets.VBox([style, weight, rate, picture, buttons, words, rows])
    panel.add_class("step-figure")
    return panel


def _with(weights: NDArray[np.float64], index: int, value: float) -> NDArray[np.float64]:
    changed = weights.copy()
    changed[index] = value
    return changed


def _row(step: Step, index: int) -> tuple[str, ...]:
    before, after = step.before[index], step.after[index]
    return (
        f"{step.rate:g}",
        f"{before:.3f}",
        f"{step.gradient[index]:+.3f}",
        f"{after - before:+.3f}",
        f"{after:.3f}",
        f"{step.loss_after:.4g}",
    )


def _across(weight: float) -> float:
    return _LEFT + (weight + _LARGEST_WEIGHT) / (2 * _LARGEST_WEIGHT) * (_RIGHT - _LEFT)


def _up(loss: float) -> float:
    return _BOTTOM - loss / _LARGEST_LOSS * (_BOTTOM - _TOP)


def _axes(name: str) -> str:
    middle, center = (_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2
    anchor = 'text-anchor="middle" fill="currentColor"'
    lines = [
        f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="currentColor"/>',
        f'<text x="{middle}" y="{_HEIGHT - 6}" {anchor}>{name}</text>',
        f'<text x="14" y="{center}" transform="rotate(-90 14 {center})" {anchor}>loss</text>',
    ]
    lines += [
        f'<text x="{_across(tick):.1f}" y="{_BOTTOM + 20}" text-anchor="middle" '
        f'fill="currentColor">{tick:g}</text>'
        for tick in (-1.0, 0.0, 1.0)
    ]
    lines += [
        f'<text x="{_LEFT - 6}" y="{_up(tick) + 4:.1f}" text-anchor="end" '
        f'fill="currentColor">{tick:g}</text>'
        for tick in (0.0, 0.5, 1.0, 1.5)
    ]
    return "".join(lines)


def _arrow(step: Step, index: int) -> str:
    """The last step, from the old weight to the new one, along the axis."""
    limit = _LARGEST_WEIGHT
    start, end = (min(max(w[index], -limit), limit) for w in (step.before, step.after))
    tail, tip = _across(start), _across(end)
    back = tip - 8 if tip > tail else tip + 8
    y = _BOTTOM - 10
    return (
        f'<path d="M{tail:.1f} {y}H{tip:.1f}M{back:.1f} {y - 5}L{tip:.1f} {y}L{back:.1f} {y + 5}" '
        f'fill="none" stroke="{_RED}" stroke-width="2.5"/>'
    )
