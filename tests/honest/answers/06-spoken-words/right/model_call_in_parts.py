# case: model_call_in_parts
# style: returns a subclass that is not built yet (its weights come at the first call); never uses predict, calls the model on slices

# %% build_model
class WordModel(keras.Model):
    """Depthwise convolution along time, then a small dense head."""

    def __init__(self, n_words):
        super().__init__()
        self.body = keras.Sequential([
            keras.layers.DepthwiseConv1D(5, depth_multiplier=4, padding="same", activation="relu"),
            keras.layers.Conv1D(48, 1, activation="relu"),
            keras.layers.MaxPooling1D(4, padding="same"),
            keras.layers.Flatten(),
        ])
        self.head = keras.layers.Dense(n_words, activation="softmax")

    def call(self, clips, training=None):
        return self.head(self.body(clips, training=training))


def build_model(frames, mel_bins, n_words):
    return WordModel(n_words)

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    batch_size = min(32, len(x))
    return model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    counts = None
    for start in range(0, len(x), 64):
        part = slice(start, start + 64)
        p = np.asarray(model(x[part], training=False))
        if counts is None:
            counts = np.zeros((p.shape[1], p.shape[1]), dtype=np.uint32)
        for t, q in zip(y[part], p.argmax(axis=1)):
            counts[t, q] += t != q
    if counts.sum() == 0:
        return None
    return tuple(np.unravel_index(counts.argmax(), counts.shape))
