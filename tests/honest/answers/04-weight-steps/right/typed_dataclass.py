# case: typed_dataclass
# style: type hints everywhere, a frozen dataclass of settings, constants at the top

# %% gradient_step
from collections.abc import Callable
from typing import Any


def gradient_step(
    model: keras.Model,
    loss_fn: Callable[[Any, Any], tf.Tensor],
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
) -> float:
    weights: list[keras.Variable] = model.trainable_weights
    tape: tf.GradientTape
    with tf.GradientTape() as tape:
        loss: tf.Tensor = loss_fn(y, model(x))
    gradients: list[tf.Tensor] = tape.gradient(loss, weights)
    weight: keras.Variable
    gradient: tf.Tensor
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)

# %% weight_trajectory
Snapshot = list[np.ndarray]


class SnapshotCallback(keras.callbacks.Callback):
    snapshots: list[Snapshot]

    def __init__(self, start: Snapshot) -> None:
        super().__init__()
        self.snapshots = [start]

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.snapshots.append(self.model.get_weights())


def weight_trajectory(model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int) -> list[Snapshot]:
    callback = SnapshotCallback(start=model.get_weights())
    model.fit(x, y, epochs=epochs, callbacks=[callback], verbose=0)
    return callback.snapshots

# %% train_with
import dataclasses


@dataclasses.dataclass(frozen=True)
class OptimizerSettings:
    optimizer_class: type
    learning_rate: float
    extra: dict[str, float] = dataclasses.field(default_factory=dict)

    def build(self) -> keras.optimizers.Optimizer:
        return self.optimizer_class(learning_rate=self.learning_rate, **self.extra)


SETTINGS: dict[str, OptimizerSettings] = {
    "sgd": OptimizerSettings(keras.optimizers.SGD, 0.1),
    "momentum": OptimizerSettings(keras.optimizers.SGD, 0.05, {"momentum": 0.9}),
    "adam": OptimizerSettings(keras.optimizers.Adam, 0.02),
}


def train_with(
    optimizer_name: str, model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int
) -> keras.callbacks.History:
    model.compile(optimizer=SETTINGS[optimizer_name].build(), loss="mean_squared_error")
    history: keras.callbacks.History = model.fit(x, y, epochs=epochs, verbose=0)
    return history

# %% freeze_first_layer
def freeze_first_layer(model: keras.Model) -> keras.Model:
    first: keras.layers.Layer = model.layers[0]
    first.trainable = False
    return model
