"""What one training did to the weights, in figures that a page can show.

Every figure is recomputed by the grader from the weights that came out of the sandbox.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PathPoint(_Frozen):
    """The weights after one epoch, as a point of a `Landscape`'s plane.

    Attributes:
        epoch: The epoch, 0 before training.
        x: Distance from the start along the line from start to end, in the weights' units.
        y: Distance across that line, in the weights' units.
        loss: The loss of these weights themselves; None if it is not finite.
    """

    epoch: int
    x: float
    y: float
    loss: float | None


class Landscape(_Frozen):
    """The training loss over a plane through all weights.

    The plane goes through the weights before and after training, and in the direction in which the
    training moved most besides.

    Attributes:
        x: The grid's columns, ascending.
        y: The grid's rows, ascending.
        loss: The loss at each point of the grid, rows as in `y`; None where it is not finite.
        samples: How many training samples the grid's losses are of: all of them, or evenly spaced
            ones for a model that takes long. The path's losses are of all.
        path: The epochs in order; first the start. If the training left other weights than those of
            its last epoch, they come last: with the epoch that they are of, such as the best one.
        in_plane: Share of the squared distances from the start that the plane shows, in [0, 1].
        reference: The path of the course's own solution from the same start on the same data,
            projected onto the plane; empty if the solution was not trained or has other layers. It
            may leave the grid.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    loss: tuple[tuple[float | None, ...], ...]
    samples: int = 0
    path: tuple[PathPoint, ...]
    in_plane: float
    reference: tuple[PathPoint, ...] = ()


class ArrayChange(_Frozen):
    """How one array of weights changed.

    Attributes:
        array: Its name, such as "hidden kernel".
        shape: Its shape.
        inputs: Names of its rows, such as the features of the first layer; () if they have none.
        weights: How many numbers it has.
        still: How many of them are the same to the last bit after training.
        before: Its Euclidean length before training.
        change: The Euclidean length of its change.
        by_input: For an array of two axes, the length of the change of each row; else ().
        values_before: Its rows before training, if it is small enough to be shown; else ().
        values_after: The same after training.
    """

    array: str
    shape: tuple[int, ...]
    inputs: tuple[str, ...] = ()
    weights: int
    still: int
    before: float
    change: float
    by_input: tuple[float, ...] = ()
    values_before: tuple[tuple[float, ...], ...] = ()
    values_after: tuple[tuple[float, ...], ...] = ()


class Mistake(_Frozen):
    """A practice sample for which the trained model is wrong.

    Practice samples are public: nothing of the grading data is shown.

    Attributes:
        predicted: The answer of the model, in words, such as "7" or "$180,000".
        expected: The right answer.
        text: The sample, if it is a text.
        pixels: The sample, if it is an image or spectrogram: rows of gray values in [0, 255].
    """

    predicted: str
    expected: str
    text: str = ""
    pixels: tuple[tuple[int, ...], ...] = ()


class TrainingSummary(_Frozen):
    """What one training did.

    Attributes:
        name: Which training it is, such as "sgd", where the assignment has several; else "".
        landscape: The loss around the path of the training; None if nothing moved, or if the model
            cannot be evaluated often enough.
        changes: The arrays of weights in the model's order, at most 24; () if the weights after
            training are not finite.
        loss: The recomputed training loss, before training and after epochs; None where the weights
            or the loss are not finite.
        epochs: The epochs that `loss` belongs to: 0, then evenly spaced ones, at most 60.
        reference_loss: The same of the course's own solution from the same start on the same data;
            empty if the solution was not trained, because the submission passed or for its time.
        reference_epochs: The epochs that `reference_loss` belongs to.
        mistakes: A few practice samples that the model gets wrong; the surest mistakes first.
        wrong: How many practice samples the model gets wrong, of `practice_samples`.
        practice_samples: How many practice samples were tried: those that the model was not trained
            on.
    """

    name: str = ""
    landscape: Landscape | None = None
    changes: tuple[ArrayChange, ...] = ()
    loss: tuple[float | None, ...] = ()
    epochs: tuple[int, ...] = ()
    reference_loss: tuple[float | None, ...] = ()
    reference_epochs: tuple[int, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    wrong: int = 0
    practice_samples: int = 0
