# case: typed_dataclass
# style: type hints everywhere, a dataclass of settings and a class that trains

# %% build_model
from dataclasses import dataclass, field

from numpy.typing import NDArray


@dataclass(frozen=True)
class NetworkSettings:
    image_shape: tuple[int, ...]
    n_classes: int
    hidden_units: int = 80
    activation: str = "relu"

    def layers(self) -> list[keras.layers.Layer]:
        return [
            keras.layers.Flatten(),
            keras.layers.Dense(self.hidden_units, activation=self.activation),
            keras.layers.Dense(self.n_classes, activation="softmax"),
        ]


def build_model(image_shape: tuple[int, int, int], n_classes: int) -> keras.Sequential:
    """Build a small network by its settings."""
    settings = NetworkSettings(tuple(image_shape), n_classes)
    return keras.Sequential([keras.Input(settings.image_shape), *settings.layers()])


# %% compile_model
def compile_model(model: keras.Model) -> keras.Model:
    optimizer: keras.optimizers.Optimizer = keras.optimizers.Adam(learning_rate=0.012, beta_1=0.9)
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


# %% train_model
@dataclass
class Trainer:
    model: keras.Model
    patience: int = 5
    max_epochs: int = 100
    callbacks: list[keras.callbacks.Callback] = field(default_factory=list)

    def run(self, training: tuple, validation: tuple) -> keras.callbacks.History:
        stopping = keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=self.patience, restore_best_weights=True
        )
        return self.model.fit(
            *training,
            validation_data=validation,
            epochs=self.max_epochs,
            callbacks=[*self.callbacks, stopping],
            verbose=0,
        )


def train_model(
    model: keras.Model, x: NDArray, y: NDArray, x_val: NDArray, y_val: NDArray
) -> keras.callbacks.History:
    return Trainer(model).run((x, y), (x_val, y_val))


# %% best_epoch
def best_epoch(history: keras.callbacks.History) -> int:
    losses: list[float] = history.history["val_loss"]
    return losses.index(min(losses)) + 1


# %% confusion_matrix
def confusion_matrix(model: keras.Model, x: NDArray, y: NDArray) -> NDArray[np.int64]:
    probabilities: NDArray[np.float32] = model.predict(x, verbose=0)
    n_classes: int = model.output_shape[-1]
    matrix: NDArray[np.int64] = np.zeros((n_classes, n_classes), dtype=np.int64)
    for truth, row in zip(y, probabilities, strict=True):
        matrix[truth, row.argmax()] += 1
    return matrix
