# case: own_drop_frames_layer
# style: an own layer that silences random frames during training (SpecAugment), Gaussian noise; accuracy as a weighted metric
# borderline: accuracy is among weighted_metrics; without weights it is the same number under the same name

# %% build_model
class DropFrames(keras.layers.Layer):
    """Set some frames to 0 while training, so that no single frame decides."""

    def __init__(self, rate=0.1, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, clips, training=None):
        if not training:
            return clips
        shape = keras.ops.shape(clips)
        dice = keras.random.uniform((shape[0], shape[1], 1), seed=self.seed_generator)
        return clips * keras.ops.cast(dice >= self.rate, clips.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        DropFrames(0.1),
        keras.layers.GaussianNoise(0.1),
        keras.layers.Conv1D(64, 7, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.002),
                  loss="sparse_categorical_crossentropy",
                  weighted_metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n = p.shape[1]
    counts, _, _ = np.histogram2d(y, p.argmax(axis=1), bins=(np.arange(n + 1) - 0.5,) * 2)
    counts[np.diag_indices(n)] = -1
    pair = np.unravel_index(np.argmax(counts), counts.shape)
    return None if counts[pair] < 1 else pair

