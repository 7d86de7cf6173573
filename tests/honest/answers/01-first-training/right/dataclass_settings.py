# case: dataclass_settings
# style: frozen dataclass with the settings, constants at the top, type hints

# %% compile_model
from dataclasses import dataclass

LEARNING_RATE = 0.005


@dataclass(frozen=True)
class CompileSettings:
    learning_rate: float = LEARNING_RATE
    loss: str = "sparse_categorical_crossentropy"
    metrics: tuple = ("accuracy",)

    def optimizer(self) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(learning_rate=self.learning_rate, amsgrad=True)


def compile_model(model: keras.Model) -> keras.Model:
    settings = CompileSettings()
    model.compile(
        optimizer=settings.optimizer(),
        loss=settings.loss,
        metrics=list(settings.metrics),
    )
    return model

# %% train_model
BATCH_SIZE = 64


def train_model(model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int = 5) -> keras.callbacks.History:
    history: keras.callbacks.History = model.fit(
        x=x, y=y, batch_size=BATCH_SIZE, epochs=epochs, verbose="auto"
    )
    return history

# %% first_layer_weights
from typing import Iterator


def _kernels(model: keras.Model) -> Iterator[np.ndarray]:
    for layer in model.layers:
        if weights := layer.get_weights():
            yield weights[0]


def first_layer_weights(model: keras.Model) -> np.ndarray:
    return next(_kernels(model)).copy()

# %% weight_change
def _largest(old: np.ndarray, new: np.ndarray) -> float:
    return float(np.abs(new - old).max())


def weight_change(before: list[np.ndarray], after: list[np.ndarray]) -> list[float]:
    return [_largest(old, new) for old, new in zip(before, after, strict=True)]
