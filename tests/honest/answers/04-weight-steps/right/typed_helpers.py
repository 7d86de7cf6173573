# case: typed_helpers
# style: type hints, small helper functions, a dataclass of optimizer settings

# %% gradient_step
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray


def _loss_and_gradients(
    model: keras.Model, loss_fn: Callable[..., Any], x: NDArray, y: NDArray
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    return loss, tape.gradient(loss, model.trainable_weights)


def _step(weights: list, gradients: list[tf.Tensor], learning_rate: float) -> None:
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.assign_sub(learning_rate * gradient)


def gradient_step(
    model: keras.Model,
    loss_fn: Callable[..., Any],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    learning_rate: float,
) -> float:
    loss, gradients = _loss_and_gradients(model, loss_fn, x, y)
    _step(model.trainable_weights, gradients, learning_rate)
    return float(loss)


# %% weight_trajectory
Snapshot = list[NDArray[np.float32]]


class Snapshots(keras.callbacks.Callback):
    def __init__(self, start: Snapshot) -> None:
        super().__init__()
        self.taken: list[Snapshot] = [start]

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.taken.append(self.model.get_weights())


def weight_trajectory(
    model: keras.Model, x: NDArray[np.float32], y: NDArray[np.float32], epochs: int
) -> list[Snapshot]:
    snapshots = Snapshots(start=model.get_weights())
    model.fit(x, y, epochs=epochs, callbacks=[snapshots], verbose=0)
    return snapshots.taken


# %% train_with
from dataclasses import dataclass


@dataclass(frozen=True)
class OptimizerSettings:
    learning_rate: float
    momentum: float = 0.0
    adaptive: bool = False

    def make(self) -> keras.optimizers.Optimizer:
        if self.adaptive:
            return keras.optimizers.Adam(self.learning_rate)
        return keras.optimizers.SGD(self.learning_rate, momentum=self.momentum)


SETTINGS: dict[str, OptimizerSettings] = {
    "sgd": OptimizerSettings(0.1),
    "momentum": OptimizerSettings(0.02, momentum=0.9),
    "adam": OptimizerSettings(0.02, adaptive=True),
}


def train_with(
    optimizer_name: str,
    model: keras.Model,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    epochs: int,
) -> keras.callbacks.History:
    model.compile(optimizer=SETTINGS[optimizer_name].make(), loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model: keras.Model) -> keras.Model:
    """Freeze the first layer that has weights."""
    next(layer for layer in model.layers if layer.weights).trainable = False
    return model
