# case: config_class_builder
# style: a dataclass with the settings and static methods; the functions only call it

# %% build_model
from dataclasses import dataclass, field


@dataclass
class Recipe:
    filters: tuple = (32, 64)
    width: int = 5
    dropout: float = 0.2
    options: dict = field(default_factory=lambda: {"padding": "same", "activation": "relu"})

    def layers(self):
        *early, last = self.filters
        for filters in early:
            yield keras.layers.Conv1D(filters, self.width, **self.options)
            yield keras.layers.MaxPooling1D(2)
        yield keras.layers.Conv1D(last, self.width, **self.options)
        yield keras.layers.GlobalAveragePooling1D()
        yield keras.layers.Dense(64, activation="elu")
        yield keras.layers.Dropout(self.dropout)


def build_model(frames, mel_bins, n_words, recipe=Recipe()):
    model = keras.Sequential([keras.Input((frames, mel_bins))])
    for layer in recipe.layers():
        model.add(layer)
    model.add(keras.layers.Dense(n_words, activation=keras.activations.softmax))
    return model


# %% compile_model
def compile_model(model, optimizer=None):
    model.compile(
        optimizer=optimizer or keras.optimizers.Adam(0.002),
        loss=keras.losses.get("sparse_categorical_crossentropy"),
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5, batch_size=16):
    log = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: epoch % 5 or print(epoch, f"{logs['loss']:.2f}"))
    return model.fit(x, y, batch_size, epochs, verbose=0, callbacks=[log])


# %% most_confused
class ConfusionMatrix:
    def __init__(self, true, predicted, size):
        self.size = size
        self.counts = np.zeros((size, size), dtype=int)
        for row in range(size):
            self.counts[row] = np.bincount(predicted[true == row], minlength=size)

    def worst(self):
        pairs = [(r, c) for r, c in np.ndindex(self.size, self.size) if r != c]
        best = max(pairs, key=lambda pair: self.counts[pair])
        return best if self.counts[best] else None


def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    return ConfusionMatrix(y, p.argmax(axis=1), p.shape[1]).worst()
