"""What a training did to the weights, against plain NumPy, also for weights that nobody expects."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest
from courses import NAME, ROOT
from grades import make_grade, make_verdict

from autograder.checks import Rebuilt, TrainingRun
from autograder.checks.graded_model import NotEvaluated, Predicted, digest_of
from autograder.checks.training_summary import has_summary, landscape, training_summary
from autograder.checks.training_summary.path import as_points, path_of
from autograder.checks.training_summary.plane import Plane, plane_through
from autograder.course import AssignmentFolder, Limits, Seeds
from autograder.exercises import CLASSIFICATION, FloatArray, Training, load_exercise
from autograder.exercises.architecture import Description, decode, describe
from autograder.results import Grade, Landscape, TrainingSummary

SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
EXERCISE = load_exercise(AssignmentFolder(ROOT / "solutions" / NAME))
GIVEN, HELD_OUT = EXERCISE.prepare(SEEDS, None)
START: list[FloatArray] = GIVEN.initial_weights or []
FEATURES = ("size", "color", "softness")
LARGEST_SUMMARY = 15_000
RNG = np.random.default_rng(5)
Lists = Sequence[list[FloatArray] | None]

AnyRun = TrainingRun[Any, Any]


def walk(steps: int, length: float = 0.1) -> list[list[FloatArray]]:
    """Weights after each of some random steps from the start."""
    rng, lists = np.random.default_rng(steps), [START]
    for _ in range(steps):
        lists.append([(a + rng.normal(0, length, a.shape)).astype(np.float32) for a in lists[-1]])
    return lists[1:]


def run_of(epochs: Lists, after: list[FloatArray] | None = None, **fields: Any) -> AnyRun:
    """A run of 01 whose training left these weights; by default those of the last epoch."""
    model = EXERCISE.build_model()
    last = epochs[-1] if epochs else START
    training = Training.model_construct(
        epochs_run=len(epochs),
        epochs_kept=list(range(1, len(epochs) + 1)),
        epoch_weights=list(epochs),
        weights=last if after is None else after,
        start_weights=None,
    )
    values: dict[str, Any] = {
        "objective": CLASSIFICATION,
        "signatures": EXERCISE.signatures,
        "given": GIVEN,
        "held_out": HELD_OUT,
        "observed": None,
        "errors": {},
        "cell_errors": {},
        "untouched": None,
        "thresholds": {},
        "limits": Limits(),
        "model": Rebuilt(decode(describe(model)), ["hidden", "output"]),
        "shown": training,
    }
    return TrainingRun(**{**values, **fields})


def summary_of(run: AnyRun, reference: AnyRun | None = None) -> TrainingSummary:
    """The summary of a run, which fits into a Grade and comes back as it was."""
    summary = training_summary(EXERCISE, SEEDS, None, run, reference)
    assert summary is not None
    grade = make_grade(make_verdict()).model_copy(update={"training": summary})
    assert Grade.model_validate_json(grade.model_dump_json()) == grade
    assert len(summary.model_dump_json()) < LARGEST_SUMMARY
    return summary


def landscape_of(run: AnyRun, reference: AnyRun | None = None) -> Landscape:
    """The landscape of a run."""
    drawn = summary_of(run, reference).landscape
    assert drawn is not None
    assert 0 <= drawn.in_plane <= 1
    assert list(drawn.x) == sorted(set(drawn.x))
    assert list(drawn.y) == sorted(set(drawn.y))
    return drawn


def numpy_loss(weights: Sequence[FloatArray]) -> float:
    """The cross-entropy of the lesson's model on the training data, by NumPy alone."""
    w1, b1, w2, b2 = (array.astype(np.float64) for array in weights)
    values = np.maximum(GIVEN.x @ w1 + b1, 0) @ w2 + b2
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    p = (powers / powers.sum(axis=1, keepdims=True))[np.arange(len(GIVEN.y)), GIVEN.y]
    return float(-np.log(np.clip(p, 1e-7, 1)).mean())


def unflatten(point: FloatArray) -> list[FloatArray]:
    """A row of all weights as arrays."""
    ends = np.cumsum([array.size for array in START])[:-1]
    return [p.reshape(a.shape) for p, a in zip(np.split(point, ends), START, strict=True)]


def test_plane_goes_through_start_and_end_and_the_largest_rest() -> None:
    """Start and end lie on the first axis; the second one is NumPy's first singular vector."""
    points = as_points([START, *walk(12)])
    plane = plane_through(points)
    assert plane is not None
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    way = points[-1] - points[0]
    np.testing.assert_allclose(plane.positions(points[[0, -1]])[:, 1], 0, atol=1e-12)
    np.testing.assert_allclose(plane.positions(points)[-1, 0], np.linalg.norm(way))
    line = way / np.linalg.norm(way)
    rest = (points - points[0]) - np.outer((points - points[0]) @ line, line)
    principal = np.linalg.svd(rest)[2][0]
    assert abs(plane.axes[1] @ principal) == pytest.approx(1)
    seen = np.square((points - points[0]) @ np.stack([line, principal]).T).sum()
    assert plane.share(points) == pytest.approx(seen / np.square(points - points[0]).sum())


PATHS = {
    "one epoch": [[0, 0, 0], [1, 2, 3]],
    "straight": [[1, 2, 3], [2, 4, 6], [3, 6, 9]],
    "back at the start": [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0]],
    "there and back on a line": [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
    "two weights": [[0, 0], [1, 1], [2, 0]],
    "enormous": [[0, 0, 0], [1e38, -1e38, 3e38], [-3e38, 3e38, 1e38]],
    "tiny": [[1, 1, 1], [1 + 1e-7, 1, 1]],
    "from zero": [[0, 0, 0], [0, 0, 1]],
}


@pytest.mark.parametrize("rows", PATHS.values(), ids=PATHS.keys())
def test_any_path_that_moves_has_a_plane(rows: list[list[float]]) -> None:
    """Whatever weights a submission returns, the axes are orthonormal and the figures finite."""
    points = np.array(rows, np.float64)
    plane = plane_through(points)
    assert plane is not None
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-9)
    assert np.isfinite(plane.positions(points)).all()
    assert plane.share(points) == pytest.approx(1) or len(rows) > 3


@pytest.mark.parametrize("rows", [[[1, 2, 3]] * 4, [[1], [2]]], ids=["still", "one weight"])
def test_path_without_two_directions_has_no_plane(rows: list[list[float]]) -> None:
    """There is nothing to draw."""
    assert plane_through(np.array(rows, np.float64)) is None


def test_changes_are_those_of_numpy() -> None:
    """Lengths, rows by feature, what stood still to the last bit, and the values."""
    after = [array.copy() for array in START]
    after[0][1:] += np.float32(0.25)
    after[3][0] = np.nextafter(after[3][0], np.float32(1))
    hidden, bias, _, output_bias = summary_of(run_of([after])).changes
    assert (hidden.array, hidden.shape, hidden.inputs) == ("hidden kernel", (3, 5), FEATURES)
    assert (hidden.weights, hidden.still, bias.still, output_bias.still) == (15, 5, 5, 1)
    assert hidden.before == pytest.approx(np.linalg.norm(START[0]), rel=1e-4)
    assert hidden.change == pytest.approx(np.linalg.norm(after[0] - START[0]), rel=1e-4)
    rows = np.linalg.norm(after[0] - START[0], axis=1)
    assert hidden.by_input == pytest.approx(rows.tolist(), rel=1e-3)
    assert np.array(hidden.values_before) == pytest.approx(START[0], rel=1e-3)
    assert np.array(hidden.values_after) == pytest.approx(after[0], rel=1e-3)
    assert bias.values_after == ((0.0,) * 5,)
    assert (bias.inputs, bias.by_input) == ((), ())


def test_landscape_is_the_loss_of_the_weights_in_the_plane() -> None:
    """At every point of the grid, and for every epoch, the loss is that of NumPy."""
    lists = walk(7)
    drawn = landscape_of(run_of(lists))
    plane = plane_through(as_points([START, *lists]))
    assert plane is not None
    for row, y in zip(drawn.loss, drawn.y, strict=True):
        points = plane.weights(np.array([(x, y) for x in drawn.x]))
        assert row == pytest.approx([numpy_loss(unflatten(p)) for p in points], rel=2e-3)
    assert [point.epoch for point in drawn.path] == list(range(8))
    losses = [numpy_loss(weights) for weights in [START, *lists]]
    assert [point.loss for point in drawn.path] == pytest.approx(losses, rel=1e-4)
    first, last = drawn.path[0], drawn.path[-1]
    assert (first.x, first.y) == (0, 0)
    assert last.y == pytest.approx(0, abs=1e-6)
    for axis, values in (
        (drawn.x, [p.x for p in drawn.path]),
        (drawn.y, [p.y for p in drawn.path]),
    ):
        assert axis[0] < min(values)
        assert max(values) < axis[-1]
    assert drawn.samples == len(GIVEN.x)


def test_compiled_losses_are_those_of_the_plain_path() -> None:
    """One compiled function for many weights computes what the checks compute one by one."""
    run, lists = run_of([]), walk(5, length=1)
    summary = summary_of(run_of(lists))
    expected = [run.training_loss(weights) for weights in [START, *lists]]
    assert summary.loss == pytest.approx(expected, rel=1e-4)
    assert summary.epochs == tuple(range(6))


FAR = [np.full_like(array, 3e38) for array in START]
STRANGE: dict[str, Lists] = {
    "500 epochs": walk(500),
    "one epoch": walk(1),
    "nan epochs": [*walk(2), None, None],
    "enormous": [FAR, [-array for array in FAR]],
    "back at the start": [*walk(3), START],
    "no movement": [START] * 3,
    "no epoch": [],
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_weights_have_a_valid_summary(name: str) -> None:
    """Nothing that a submission returns breaks a summary, or makes a Grade large."""
    epochs = STRANGE[name]
    summary = summary_of(run_of(epochs))
    moves = name not in ("no movement", "no epoch")
    assert (summary.landscape is not None) == moves
    assert len(summary.epochs) == len(summary.loss) <= 61
    assert summary.epochs[-1] == len(epochs)
    if summary.landscape is not None:
        assert len(summary.landscape.path) <= 62


def test_weights_that_are_no_longer_numbers_leave_the_epochs_before() -> None:
    """The path ends where the numbers do; there are no changes to tell."""
    run = run_of([*walk(2), None])
    shown = dataclasses.replace(
        run, shown=run.shown and run.shown.model_copy(update={"weights": None})
    )
    summary = summary_of(shown)
    assert summary.changes == ()
    assert summary.loss[-1] is None
    assert [point.epoch for point in landscape_of(shown).path] == [0, 1, 2]


def test_restored_weights_end_the_path_at_their_epoch() -> None:
    """A training that goes back to its best weights ends there, and so does its landscape."""
    lists = walk(4)
    path = landscape_of(run_of(lists, lists[1])).path
    assert [point.epoch for point in path] == [0, 1, 2, 3, 4, 2]
    # Not to the last bit: a matrix product may round each of its rows in another way.
    assert path[-1].x == pytest.approx(path[2].x)
    assert (path[-1].y, path[2].y) == pytest.approx((0, 0), abs=1e-6)
    assert path[-1].loss == pytest.approx(path[2].loss)


def test_reference_is_projected_onto_the_same_plane() -> None:
    """The grid holds both paths; the reference's losses are its own."""
    lists, other = walk(3), walk(6, length=0.2)
    drawn = landscape_of(run_of(lists), run_of(other))
    plane = plane_through(as_points([START, *lists]))
    assert plane is not None
    positions = plane.positions(as_points([START, *other]))
    assert [(p.x, p.y) for p in drawn.reference] == [
        pytest.approx(xy, abs=1e-4) for xy in positions
    ]
    losses = [numpy_loss(weights) for weights in [START, *other]]
    assert [p.loss for p in drawn.reference] == pytest.approx(losses, rel=1e-4)
    assert drawn.x[0] < positions[:, 0].min()
    assert positions[:, 1].max() < drawn.y[-1]
    summary = summary_of(run_of(lists), run_of(other))
    assert summary.reference_loss == pytest.approx(losses, rel=1e-4)
    assert summary.reference_epochs == tuple(range(7))


def test_reference_shows_the_way_where_nothing_moved() -> None:
    """The plane is the reference's; the submission stays at the start."""
    drawn = landscape_of(run_of([START] * 2), run_of(walk(4)))
    assert {(p.x, p.y) for p in drawn.path} == {(0, 0)}
    assert drawn.reference[-1].x > 0
    assert drawn.in_plane == 1


def test_far_reference_leaves_the_grid() -> None:
    """A path that is too far away does not make the submission's a dot."""
    drawn = landscape_of(run_of(walk(3)), run_of(walk(3, length=1e6)))
    ends = [p.x for p in drawn.path]
    assert max(map(abs, (drawn.x[0], drawn.x[-1]))) < 20 * (max(ends) - min(ends) + 1)


def test_model_that_takes_long_has_a_coarser_landscape_or_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First fewer samples, then fewer points, then no landscape; the changes stay."""
    run = run_of(walk(3))
    for side, samples in ((21, 256), (21, 64), (11, 64)):
        monkeypatch.setattr(landscape, "_MOST_WORK", side**2 * (samples * 39 + 32))
        drawn = landscape_of(run)
        assert (len(drawn.x), len(drawn.y), drawn.samples) == (side, side, samples)
    monkeypatch.setattr(landscape, "_MOST_WORK", 1000)
    summary = summary_of(run)
    assert summary.landscape is None
    assert len(summary.changes) == 4


def test_model_that_only_predicts_has_changes_and_losses() -> None:
    """Its outputs are known for the weights of its epochs, and for no other point of a plane."""
    lists = walk(2)
    outputs = run_of([]).model
    assert isinstance(outputs, Rebuilt)
    answers = {
        (digest_of(weights), digest_of([GIVEN.x])): outputs.outputs(weights, GIVEN.x)
        for weights in [START, *lists]
    }
    model = EXERCISE.build_model()
    description = Description.model_validate(describe(model))
    summary = summary_of(run_of(lists, model=Predicted(description, outputs.starts, answers)))
    assert summary.landscape is None
    assert [change.inputs for change in summary.changes] == [()] * 4
    assert summary.loss == pytest.approx([numpy_loss(w) for w in [START, *lists]], rel=1e-4)


def test_model_that_is_not_evaluated_has_no_summary() -> None:
    """What ended a scorer once is not tried again for a picture."""
    run = run_of(walk(1))
    model = NotEvaluated(run.model, "It takes too long.", "Use fewer layers.")  # type: ignore[arg-type]
    assert not has_summary(dataclasses.replace(run, model=model))
    assert has_summary(run)


def test_model_that_does_not_take_the_data_has_changes_alone() -> None:
    """A student's layers may not fit; the marks say so, and the summary leaves it out."""
    wrong = keras.Sequential([keras.Input((7,)), keras.layers.Dense(2, activation="softmax")])
    model = Rebuilt(decode(describe(wrong)))
    given = GIVEN.model_copy(update={"initial_weights": wrong.get_weights()})
    summary = summary_of(run_of([wrong.get_weights()], model=model, given=given))
    assert (summary.landscape, summary.loss) == (None, ())
    assert [change.array for change in summary.changes] == [str(start) for start in model.starts]


def test_features_are_named_where_a_kernel_has_their_rows() -> None:
    """Behind layers that keep the features apart, and not in later layers of the same size."""
    layers = [
        keras.Input((3,)),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(3, activation="relu"),
        keras.layers.Dense(3),
    ]
    architecture = decode(describe(keras.Sequential(layers)))
    assert architecture.input_kernels == {4}


def test_plane_gives_back_the_weights_of_a_position() -> None:
    """What is projected and lies in the plane comes back."""
    points = as_points([START, *walk(1)])
    plane = plane_through(points)
    assert isinstance(plane, Plane)
    back = plane.weights(plane.positions(points))
    np.testing.assert_allclose(back, points, atol=1e-6)


def test_old_grade_without_a_summary_loads() -> None:
    """Grades on disk that are older than summaries are read."""
    text = make_grade(make_verdict()).model_dump_json(exclude={"training"})
    assert Grade.model_validate_json(text).training is None


def test_path_of_many_epochs_keeps_the_first_and_the_last() -> None:
    """Left-out epochs are spread evenly."""
    run = run_of(walk(130))
    assert run.shown is not None
    path = path_of(run, run.shown)
    assert (path.epochs[0], path.epochs[-1], len(path.epochs)) == (0, 130, 61)
    assert set(np.diff(path.epochs)) <= {2, 3}
