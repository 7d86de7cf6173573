# case: never_none
# style: has no case for a model without mistakes: argmax of an empty matrix gives a pair all the same
# fails: no_mistake_gives_none

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
    counts[np.eye(n, dtype=bool)] = -1
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    return int(true), int(predicted)
