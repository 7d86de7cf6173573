# case: dataclass_config
# style: software engineer: frozen dataclass with the settings, type hints, Final constants, NamedTuple as the pair

# %% build_model
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class NetworkConfig:
    filters: tuple[int, ...] = (32, 64)
    kernel_size: int = 5
    pool_size: int = 2
    dropout: float = 0.2


CONFIG: Final = NetworkConfig()


def build_model(frames: int, mel_bins: int, n_words: int) -> keras.Model:
    layers: list[keras.layers.Layer] = []
    for filters in CONFIG.filters:
        layers += [
            keras.layers.Conv1D(
                filters=filters, kernel_size=CONFIG.kernel_size, padding="same", activation="relu"
            ),
            keras.layers.MaxPooling1D(pool_size=CONFIG.pool_size, padding="same"),
        ]
    layers += [
        keras.layers.Flatten(),
        keras.layers.Dropout(rate=CONFIG.dropout),
        keras.layers.Dense(units=n_words, activation="softmax"),
    ]
    return keras.Sequential([keras.Input(shape=(frames, mel_bins)), *layers])

# %% compile_model
LEARNING_RATE: Final[float] = 1e-3


def compile_model(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=LEARNING_RATE, global_clipnorm=5.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
def train_model(
    model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int = 5
) -> keras.callbacks.History:
    history: keras.callbacks.History = model.fit(x=x, y=y, epochs=epochs, verbose=0)
    return history

# %% most_confused
from typing import NamedTuple


class Confusion(NamedTuple):
    true: int
    predicted: int


def most_confused(model: keras.Model, x: np.ndarray, y: np.ndarray) -> Confusion | None:
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    counts: dict[Confusion, int] = {}
    for pair in map(Confusion, y.tolist(), predicted.tolist()):
        if pair.true != pair.predicted:
            counts[pair] = counts.get(pair, 0) + 1
    if not counts:
        return None
    return max(sorted(counts), key=counts.__getitem__)
