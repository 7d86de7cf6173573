# case: typed_signatures
# style: type hints, docstrings, a helper and a dataclass for the settings

# %% compile_model
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    learning_rate: float = 0.01
    loss: str = "sparse_categorical_crossentropy"
    metrics: list[str] = field(default_factory=lambda: ["accuracy"])


def compile_model(model: keras.Model, settings: Settings = Settings()) -> keras.Model:
    """Set how the model learns.

    :param model: any softmax classifier
    :return: the same model
    """
    optimizer: keras.optimizers.Optimizer = keras.optimizers.Adam(settings.learning_rate)
    model.compile(optimizer=optimizer, loss=settings.loss, metrics=list(settings.metrics))
    return model


# %% train_model
def train_model(
    model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int = 5
) -> keras.callbacks.History:
    """Train, silently."""
    history: keras.callbacks.History = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history


# %% first_layer_weights
from typing import Optional


def _kernel_of(layer: keras.layers.Layer) -> Optional[np.ndarray]:
    weights: list[np.ndarray] = layer.get_weights()
    return weights[0].copy() if weights else None


def first_layer_weights(model: keras.Model) -> np.ndarray:
    """The kernel of the first layer that has one."""
    kernels = (_kernel_of(layer) for layer in model.layers)
    return next(kernel for kernel in kernels if kernel is not None)


# %% weight_change
def weight_change(before: list[np.ndarray], after: list[np.ndarray]) -> list[float]:
    """Largest absolute change in each array."""
    return [float(np.abs(b - a).max()) for a, b in zip(before, after, strict=True)]
