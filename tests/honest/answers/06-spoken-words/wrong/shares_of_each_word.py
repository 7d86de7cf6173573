# case: shares_of_each_word
# style: divides each row by the number of clips of the word: compares shares, not counts
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
    counts = np.zeros((n, n))
    np.add.at(counts, (y, p.argmax(axis=1)), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, 0)
    if shares.max() == 0:
        return None
    true, predicted = np.unravel_index(shares.argmax(), shares.shape)
    return int(true), int(predicted)
