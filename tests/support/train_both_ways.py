"""Train models of many kinds in Keras' own way and the fast way, each in a fork of its own.

    python train_both_ways.py CASE...

The third way is the fast one with the steps that another fork traced. Prints one line of JSON per
case: `same`, whether all gave the same weights, optimizer state, history and losses of each batch;
`made`, how many dataset iterators the first two made, Keras first; and `steps`, how many steps were
handed on.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}

import keras
import numpy as np
import tensorflow as tf
from keras import callbacks, layers, optimizers
from tensorflow.python.data.ops.iterator_ops import OwnedIterator

from autograder.exercises import fast_fit, traced_steps
from autograder.exercises.tensorflow_setup import configure_tensorflow
from autograder.wire import decode, encode

Array = np.ndarray
Steps = list[traced_steps.TracedStep]
SPARSE = "sparse_categorical_crossentropy"
EPOCHS = 4


def table(samples: int = 40, columns: int = 3, classes: int = 2) -> tuple[Array, Array]:
    """Random features and labels."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(samples, columns)).astype("float32")
    return x, rng.integers(0, classes, samples)


def images(samples: int = 40) -> tuple[Array, Array]:
    """Random images and labels."""
    rng = np.random.default_rng(7)
    return rng.random((samples, 8, 8, 1), "float32"), rng.integers(0, 3, samples)


def sentences(samples: int = 40) -> tuple[Array, Array]:
    """Random word ids and labels."""
    rng = np.random.default_rng(7)
    return rng.integers(0, 20, (samples, 6)), rng.integers(0, 3, samples)


def dense(optimizer: Any = "adam", **compile_kwargs: Any) -> keras.Model:
    """A compiled network of two dense layers."""
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(optimizer, SPARSE, **{"metrics": ["accuracy"], **compile_kwargs})
    return model


def stack(*parts: Any, optimizer: Any = "adam") -> keras.Model:
    """A compiled network of these parts, with three classes."""
    model = keras.Sequential([*parts, layers.Dense(3, activation="softmax")])
    model.compile(optimizer, SPARSE, metrics=["accuracy"])
    return model


def fit(model: keras.Model, data: tuple[Any, Any], **kwargs: Any) -> keras.Model:
    """Train, without output."""
    model.fit(*data, **{"epochs": EPOCHS, "batch_size": 16, "verbose": 0, **kwargs})
    return model


def fit_dense(optimizer: Any = "adam", **kwargs: Any) -> keras.Model:
    """Train the dense network; the last batch of each epoch is a partial one."""
    return fit(dense(optimizer), table(), **kwargs)


class Subclassed(keras.Model):  # type: ignore[misc] # Keras has no types
    """A model whose layers build at their first call."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.outer = layers.Dense(4), layers.Dense(2, activation="softmax")

    def call(self, x: Any) -> Any:
        """Compute the outputs."""
        return self.outer(self.inner(x))


class TwoAtATime(keras.Model):  # type: ignore[misc] # as above
    """A model whose own train function takes two batches from the iterator per step."""

    train_function: Any

    def make_train_function(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - Keras' signature
        """Wrap Keras' function."""
        super().make_train_function(force)
        step = self.train_function

        def two_steps(iterator: Any) -> Any:
            logs = step(iterator)
            try:
                return step(iterator)
            except (StopIteration, tf.errors.OutOfRangeError):
                return logs

        self.train_function = two_steps


class Meddle(callbacks.Callback):  # type: ignore[misc] # as above
    """Changes the arrays that `fit` was given after each epoch."""

    def __init__(self, *arrays: Array) -> None:
        super().__init__()
        self.arrays = arrays

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras' signature
        """Move every value."""
        for array in self.arrays:
            np.add(array, 1, out=array)


class StopBatches(callbacks.Callback):  # type: ignore[misc] # as above
    """Stops each validation after its first batch."""

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002 - as above
        """Stop."""
        self.model.stop_evaluating = True


def meddled() -> keras.Model:
    """Arrays change while `fit` trains with them."""
    (x, y), (x_val, y_val) = table(), table(24)
    meddle = [Meddle(x, x_val)]
    return fit(dense(), (x, y), validation_data=(x_val, y_val), callbacks=meddle)


def two_fits() -> keras.Model:
    """`fit`, `evaluate`, `predict`, and `fit` again with other sizes."""
    model = fit_dense()
    model.evaluate(*table(24), verbose=0)
    model.predict(table(24)[0], verbose=0)
    return fit(model, table(24), epochs=2, batch_size=7)


def stopped_in_an_epoch() -> keras.Model:
    """A batch stops the training, which is then continued."""
    model = dense()
    stop = callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: setattr(model, "stop_training", batch == 1)  # noqa: ARG005 - Keras' names
    )
    return fit(fit(model, table(), callbacks=[stop]), table())


def data_pipeline() -> keras.Model:
    """A student's own pipeline, which shuffles anew each epoch."""
    data = tf.data.Dataset.from_tensor_slices(table()).shuffle(40).batch(16)
    model = dense()
    model.fit(data, epochs=EPOCHS, verbose=0, validation_data=data)
    return model


def functional() -> keras.Model:
    """Two inputs and a branch."""
    one, two = keras.Input((3,)), keras.Input((2,))
    both = layers.Concatenate()([layers.Dense(4)(one), two])
    model = keras.Model([one, two], layers.Dense(2, activation="softmax")(both))
    model.compile("rmsprop", SPARSE)
    x, y = table()
    return fit(model, ([x, x[:, :2]], y), validation_split=0.2)


def two_at_a_time() -> keras.Model:
    """A train function that takes two batches at a time."""
    inputs = keras.Input((3,))
    model = TwoAtATime(inputs, layers.Dense(2, activation="softmax")(inputs))
    model.compile("sgd", SPARSE)
    return fit(model, table())


def large_arrays() -> keras.Model:
    """Arrays whose batches are not kept."""
    fast_fit.MOST_KEPT_BYTES = 100
    return fit_dense()


def distributed() -> keras.Model:
    """A model in the scope of a strategy, whose datasets are of another kind."""
    with tf.distribute.MirroredStrategy(["/cpu:0"]).scope():
        model = dense()
    return fit(model, table())


def no_epoch() -> keras.Model:
    """A `fit` of no epochs builds no optimizer."""
    return fit_dense(initial_epoch=EPOCHS)


def subclassed() -> keras.Model:
    """A model that is not built before `fit`."""
    model = Subclassed()
    model.compile("adamw", SPARSE, metrics=["accuracy"])
    return fit(model, table())


def regression() -> keras.Model:
    """A regularized network that learns numbers, with clipped gradients and a schedule."""
    rate = optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.GaussianNoise(0.1),
            layers.Dense(4, "tanh", kernel_regularizer="l2"),
            layers.Dense(1),
        ]
    )
    sgd = optimizers.SGD(rate, momentum=0.9, nesterov=True, clipnorm=1.0)
    model.compile(sgd, "mse", metrics=["mae", "root_mean_squared_error"])
    x, y = table()
    return fit(model, (x, y.astype("float32")), validation_data=(x[:9], y[:9]), validation_freq=2)


def early_stopping() -> keras.Model:
    """Callbacks that look at the validation loss."""
    return fit_dense(
        optimizers.Adam(0.5),
        epochs=12,
        validation_split=0.3,
        callbacks=[
            callbacks.EarlyStopping(patience=2, restore_best_weights=True),
            callbacks.ReduceLROnPlateau(patience=1),
        ],
    )


def draw(seed: int) -> keras.Model:
    """Train with arguments of `fit` that a seed draws."""
    rng = np.random.default_rng(seed)
    x, y = table(int(rng.integers(5, 70)))

    def choose(values: Sequence[Any]) -> Any:
        return values[int(rng.integers(len(values)))]

    kwargs: dict[str, Any] = {
        "batch_size": choose([None, 1, 4, 16, 100]),
        "epochs": int(rng.integers(1, 6)),
        "initial_epoch": int(rng.integers(0, 2)),
        "shuffle": choose([True, False, "batch"]),
        "steps_per_epoch": choose([None, None, None, 2]),
        "validation_split": choose([0.0, 0.25]),
        "validation_batch_size": choose([None, 3]),
        "validation_freq": choose([1, 2]),
    }
    weights = choose(["none", "class", "sample"])
    if weights == "class":
        kwargs["class_weight"] = {0: 1.0, 1: 3.0}
    elif weights == "sample":
        kwargs["sample_weight"] = rng.random(len(x))
    if choose([True, False]):
        x, y = tf.constant(x), tf.constant(y)
    optimizer = choose(["sgd", "adam", "rmsprop", "adagrad", "nadam"])
    model = dense(optimizer, steps_per_execution=choose([1, 1, 1, 3]))
    return fit(model, (x, y), **kwargs)


CASES: Mapping[str, Callable[[], keras.Model]] = {
    "dense": fit_dense,
    "validation": lambda: fit_dense(validation_data=table(24)),
    "no shuffle": lambda: fit_dense(shuffle=False),
    "class weight": lambda: fit_dense("rmsprop", class_weight={0: 1, 1: 4}),
    "amsgrad": lambda: fit_dense(optimizers.Adam(0.01, amsgrad=True), validation_split=0.2),
    "convolution": lambda: fit(
        stack(
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
        ),
        images(),
        validation_data=images(24),
    ),
    "embedding and lstm": lambda: fit(
        stack(layers.Embedding(20, 4, mask_zero=True), layers.LSTM(4)), sentences()
    ),
    "embedding and gru": lambda: fit(
        stack(
            keras.Input((6,)),
            layers.Embedding(20, 4),
            layers.Bidirectional(layers.GRU(3, dropout=0.2)),
            optimizer=optimizers.Nadam(0.01),
        ),
        sentences(),
    ),
    "convolution of a series": lambda: fit(
        stack(
            keras.Input((8, 8)),
            layers.Conv1D(4, 3, activation="relu"),
            layers.LayerNormalization(),
            layers.GlobalAveragePooling1D(),
        ),
        (images()[0][..., 0], images()[1]),
    ),
    "regression": regression,
    "early stopping": early_stopping,
    "functional": functional,
    "subclassed": subclassed,
    "meddled": meddled,
    "two fits": two_fits,
    "stopped in an epoch": stopped_in_an_epoch,
    "stopped in a validation": lambda: fit_dense(
        validation_data=table(40), callbacks=[StopBatches()]
    ),
    "data pipeline": data_pipeline,
    "distributed": distributed,
    "eager": lambda: fit(dense(run_eagerly=True), table(), epochs=2),
    "two batches a step": lambda: fit(dense(steps_per_execution=2), table()),
    "two at a time": two_at_a_time,
    "large arrays": large_arrays,
    "no epoch": no_epoch,
    **{f"drawn {seed}": functools.partial(draw, seed) for seed in range(8)},
}


def train(case: str, *, fast: bool, steps: Steps | None = None) -> list[Any]:
    """A digest of everything that a training gives; and how many iterators it made.

    Args:
        case: One of `CASES`.
        fast: Whether to train the fast way.
        steps: Traced steps to use; an empty list takes those that are traced.
    """
    configure_tensorflow(fast=fast)
    keras.utils.set_random_seed(3)
    made = 0
    create = OwnedIterator._create_iterator

    def counted(iterator: Any, dataset: Any) -> None:
        nonlocal made
        made += tf.executing_eagerly()
        create(iterator, dataset)

    OwnedIterator._create_iterator = counted
    losses: list[object] = []
    begin = keras.callbacks.CallbackList.on_train_batch_end

    def record(each: Any, batch: int, logs: Any = None) -> None:
        losses.append((batch, {name: float(value) for name, value in (logs or {}).items()}))
        begin(each, batch, logs)

    keras.callbacks.CallbackList.on_train_batch_end = record
    traced_steps.watch(keras.callbacks.CallbackList)
    if steps:
        traced_steps.use([traced_steps.seal(step) for step in steps])
    elif steps is not None:
        traced_steps.record(steps)
    model = CASES[case]()
    digest = hashlib.sha256()
    for variable in (*model.variables, *model.optimizer.variables):
        digest.update(np.asarray(variable).tobytes())
    digest.update(repr((model.history.history, losses)).encode())
    digest.update(repr(tf.random.uniform(()).numpy()).encode())
    return [digest.hexdigest(), made]


def start(case: str, *, fast: bool, steps: Steps | None = None) -> int:
    """Fork a training, so that TensorFlow's state stays there; returns the pipe with its result."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        is_given = bool(steps)
        try:
            result = train(case, fast=fast, steps=steps)
        except Exception as error:  # noqa: BLE001 - an error has to be the same too
            result = [f"{type(error).__name__}: {error}", 0]
        with os.fdopen(theirs, "wb") as file:
            taken = [] if is_given or steps is None else [each.model_dump() for each in steps]
            file.write(encode([*result, taken]))
        os._exit(0)
    os.close(theirs)
    return ours


def read(pipe: int) -> list[Any]:
    """What `train` returned, or its error."""
    with os.fdopen(pipe, "rb") as file:
        return list(decode(file.read()))


def main() -> None:
    """Train each case both ways at the same time, and print what differs."""
    for case in sys.argv[1:] or CASES:
        pipes = [start(case, fast=way) for way in (False, True)]
        (plain, made, _), (fast, fewer, _) = map(read, pipes)
        *_, taken = read(start(case, fast=True, steps=[]))
        steps = [traced_steps.TracedStep.model_validate(each) for each in taken]
        digests = [plain, fast, read(start(case, fast=True, steps=steps))[0] if steps else fast]
        line = {"case": case, "same": len(set(digests)) == 1, "made": [made, fewer]}
        print(json.dumps({**line, "steps": len(steps), "digests": digests}), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
