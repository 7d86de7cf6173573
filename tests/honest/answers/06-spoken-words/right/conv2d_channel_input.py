# case: conv2d_channel_input
# style: the clip as an image with one channel, Input((frames, mel_bins, 1)), and Keras adds the channel; bincount of pair numbers

# %% build_model
from keras import layers


def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(n_words, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile("nadam", loss="sparse_categorical_crossentropy", metrics=["acc"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n = p.shape[-1]
    pair_numbers = y * n + p.argmax(-1)
    counts = np.bincount(pair_numbers, minlength=n * n)
    counts[:: n + 1] = 0                       # the diagonal
    best = int(counts.argmax())
    return divmod(best, n) if counts[best] else None

