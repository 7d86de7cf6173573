# case: hard_coded_words
# style: writes 8, this notebook's number of words, instead of n_words
# fails: build_model_follows_sizes

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(128, activation="relu"))
    model.add(keras.layers.Dense(8, activation="softmax"))
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n = p.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, p.argmax(axis=1)), 1)
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    return tuple(int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
