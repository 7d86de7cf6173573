# case: both_directions
# style: adds "go" for "no" and "no" for "go": counts unordered pairs
# fails: most_confused_is_found
# may: ties_go_to_the_first

# %% build_model
def build_model(frames, mel_bins, n_words):
    inputs = keras.Input((frames, mel_bins))
    x = keras.layers.Conv1D(32, 5, padding="same", activation="relu")(inputs)
    x = keras.layers.MaxPooling1D(4, padding="same")(x)
    x = keras.layers.Flatten()(x)
    outputs = keras.layers.Dense(n_words, activation="softmax")(x)
    return keras.Model(inputs, outputs)

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
    together = counts + counts.T
    if together.max() == 0:
        return None
    first, second = np.unravel_index(together.argmax(), together.shape)
    if counts[second, first] > counts[first, second]:
        first, second = second, first
    return int(first), int(second)
