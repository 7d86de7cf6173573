# case: scheduler_and_typing
# style: LearningRateScheduler callback, type hints everywhere, a NamedTuple as the pair

# %% build_model
from numpy.typing import NDArray


def build_model(frames: int, mel_bins: int, n_words: int) -> keras.Model:
    """A convolution, max over time, softmax."""
    stack: list = [
        keras.Input((frames, mel_bins)),
        keras.layers.LayerNormalization(),
        keras.layers.Conv1D(64, 5, padding="same", activation="swish"),
        keras.layers.SpatialDropout1D(0.1),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_words, activation="softmax"),
    ]
    return keras.Sequential(stack)


# %% compile_model
def compile_model(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.004),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


# %% train_model
def slower(epoch: int, rate: float) -> float:
    return rate if epoch < 5 else rate * 0.95


def train_model(model: keras.Model, x: NDArray[np.float32], y: NDArray[np.int64],
                epochs: int = 5) -> keras.callbacks.History:
    scheduler = keras.callbacks.LearningRateScheduler(slower)
    return model.fit(x, y, batch_size=16, epochs=epochs, callbacks=[scheduler], verbose=0)


# %% most_confused
from typing import NamedTuple, Optional


class Confusion(NamedTuple):
    true: int
    predicted: int


def most_confused(model: keras.Model, x: NDArray[np.float32],
                  y: NDArray[np.int64]) -> Optional[Confusion]:
    probabilities = model.predict(x, verbose=0)
    predicted = probabilities.argmax(axis=1)
    best: Optional[Confusion] = None
    record = 0
    for true in range(probabilities.shape[1]):
        heard = np.bincount(predicted[y == true], minlength=probabilities.shape[1])
        heard[true] = 0
        if heard.max() > record:
            record = heard.max()
            best = Confusion(true, int(heard.argmax()))
    return best

