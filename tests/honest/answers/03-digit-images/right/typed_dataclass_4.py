# case: typed_dataclass
# style: software engineer: frozen dataclass with the settings, type hints, docstrings, keyword-only helper

# %% build_model
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NetworkSettings:
    """What the network looks like."""

    hidden_units: tuple[int, ...] = (128,)
    activation: str = "relu"
    output_activation: str = field(default="softmax")


def build_model(image_shape: tuple[int, int, int], n_classes: int) -> keras.Model:
    """Build a network that tells classes of images apart."""
    settings = NetworkSettings()
    inputs = keras.Input(shape=image_shape)
    hidden = keras.layers.Flatten()(inputs)
    for units in settings.hidden_units:
        hidden = keras.layers.Dense(units=units, activation=settings.activation)(hidden)
    outputs = keras.layers.Dense(units=n_classes, activation=settings.output_activation)(hidden)
    return keras.Model(inputs, outputs)

# %% compile_model
@dataclass(frozen=True)
class CompileSettings:
    learning_rate: float = 0.01
    weight_decay: float = 1e-4


def compile_model(model: keras.Model) -> keras.Model:
    """Set how the model learns from class numbers."""
    settings = CompileSettings()
    model.compile(
        optimizer=keras.optimizers.AdamW(
            learning_rate=settings.learning_rate, weight_decay=settings.weight_decay
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(name="crossentropy"),
        metrics=["accuracy"],
    )
    return model

# %% train_model
def _early_stopping(*, patience: int) -> keras.callbacks.EarlyStopping:
    return keras.callbacks.EarlyStopping(
        monitor="val_loss", mode="min", patience=patience, restore_best_weights=True
    )


def train_model(
    model: keras.Model, x: np.ndarray, y: np.ndarray, x_val: np.ndarray, y_val: np.ndarray
) -> keras.callbacks.History:
    """Train a compiled model until it over-fits, and leave it with its best weights."""
    history: keras.callbacks.History = model.fit(
        x=x,
        y=y,
        epochs=100,
        verbose=0,
        callbacks=[_early_stopping(patience=5)],
        validation_data=(x_val, y_val),
        shuffle=True,
    )
    return history

# %% best_epoch
def best_epoch(history: keras.callbacks.History) -> int:
    """Find the epoch after which the validation loss was lowest."""
    val_losses: list[float] = history.history["val_loss"]
    epoch, _ = min(enumerate(val_losses, start=1), key=lambda pair: pair[1])
    return epoch

# %% confusion_matrix
def confusion_matrix(model: keras.Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Count which classes a model takes for which."""
    n_classes: int = model.output_shape[-1]
    answers: np.ndarray = model.predict(x, verbose=0).argmax(axis=1)
    flat: np.ndarray = np.ravel_multi_index((y, answers), (n_classes, n_classes))
    return np.bincount(flat, minlength=n_classes**2).reshape((n_classes, n_classes))
